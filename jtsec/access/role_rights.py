"""Whether the rights of a role exist, are of its duty, and go together (A4.3, A4.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError

from .exclusions import conflicts_within, demands_of
from .functions import function_of, permission_names
from .models import Role


def require_coherent(role: Role, rights: Collection[str]) -> None:
    """
    Return if what a role says fits together: its dates, and its rights to its duty.

    Args:
        role: which.
        rights: all it gives, those of its parents included.

    Raises:
        InputError: "unknown-function", "foreign-duty", "by-duty", "conflict" or
            "ends-before-it-begins".
    """
    if role.valid_from and role.valid_until and role.valid_until <= role.valid_from:
        raise InputError(
            _("The end lies before the beginning."),
            field="valid_until",
            code="ends-before-it-begins",
        )
    for right in rights:
        _require_for_duty(right, role.duty)
    for one in conflicts_within(rights):
        raise InputError(
            _("%(right)s and %(other)s exclude each other.")
            % {"right": one.right, "other": one.other},
            field="rights",
            code="conflict",
        )


def require_known(rights: Iterable[str]) -> None:
    """
    Return if every right is declared, or at least a permission of the project.

    Raises:
        InputError: "unknown-function"; a misspelt right in a role would be given to
            everybody who holds it on the day somebody makes a function of that name.
    """
    undeclared = [right for right in rights if function_of(right) is None]
    for right in sorted(set(undeclared) - permission_names() if undeclared else ()):
        raise InputError(
            _("There is no function %(right)s.") % {"right": right},
            field="rights",
            code="unknown-function",
        )


def _require_for_duty(right: str, duty: str) -> None:
    function = demands_of(right)
    if function.duty != duty:
        raise InputError(
            _("The function %(right)s belongs to another duty.") % {"right": right},
            field="rights",
            code="foreign-duty",
        )
    if function.by_duty:
        raise InputError(
            _("The function %(right)s comes with the duty; no role gives it.")
            % {"right": right},
            field="rights",
            code="by-duty",
        )
