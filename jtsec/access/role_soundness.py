"""Whether a role, as it would be, agrees with itself and with its relatives."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError
from jtsec.fields.api import check_seal

from .models import Role
from .role_book import RoleBook
from .role_rights import require_coherent, require_known


def require_sound(role: Role, book: RoleBook, added: Collection[str]) -> None:
    """
    Return if a role may be as it would be.

    Args:
        role: as it would be.
        book: all roles as they are.
        added: rights that it did not give before; older ones may have been forgotten
            by the project, and would stand in the way of every other change.

    Raises:
        InputError: "unknown-function", "unknown-role", "foreign-duty", "by-duty",
            "conflict", "cycle" or "ends-before-it-begins".
        RowSealBroken, CannotVerify: a parent was altered, or cannot be verified.
    """
    require_known(added)
    require_coherent(role, role.rights)
    for code in role.parents:
        _require_parent(role, book.by_code.get(code), code)
    wanted = book.reckoned_with(role)
    _require_no_cycle(role, wanted)
    for heir in wanted.built_on(role):
        _require_same_duty(role, heir)
        require_coherent(heir, wanted.rights(heir))


def _require_no_cycle(role: Role, book: RoleBook) -> None:
    for parent in (book.by_code[code] for code in role.parents):
        if role in book.closure(parent):
            raise InputError(
                _("A role cannot build on itself, not even through others."),
                field="parents",
                code="cycle",
            )


def _require_same_duty(role: Role, heir: Role) -> None:
    if heir.duty != role.duty:
        raise InputError(
            _("The role %(code)s builds on this one and is of another duty.")
            % {"code": heir.code},
            field="duty",
            code="foreign-duty",
        )


def _require_parent(role: Role, parent: Role | None, code: str) -> None:
    if parent is None:
        raise InputError(
            _("There is no role %(code)s.") % {"code": code},
            field="parents",
            code="unknown-role",
        )
    check_seal(parent)
    if parent.duty != role.duty:
        raise InputError(
            _("The role %(code)s belongs to another duty.") % {"code": code},
            field="parents",
            code="foreign-duty",
        )
