"""Makes roles, each of one duty (clause A4.6)."""

from __future__ import annotations

from typing import Unpack

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.acts import require_leave
from jtsec.core.exceptions import InputError

from .gate import policy_gate
from .models import Role
from .policy_events import RoleCreated
from .refusals import refusals_recorded
from .role_book import RoleBook
from .role_forms import FIELDS, RoleFields, checked_code, checked_fields
from .role_soundness import require_sound
from .rows import begin, checked_reason


def create_role(code: str, *, reason: str, **fields: Unpack[RoleFields]) -> Role:
    """
    Make a role.

    Args:
        code: small letters, digits, - and _; never given to another role again.
        reason: why, in 1 to 200 characters.
        fields: what it is; `name` and `duty` at least.

    Raises:
        PolicyRefused: the actor may not; recorded.
        InputError: a value is malformed, a function or parent unknown or of another
            duty, two functions exclude each other, or the code is taken; recorded.
    """
    with refusals_recorded("create-role", resource=f"role:{code}"):
        require_leave("access.change-role", role=str(code))
        why = checked_reason(reason)
        values = checked_fields({"name": "", "duty": "", **fields})
        role = Role(code=checked_code(code), **values)
        with policy_gate() as by:
            _require_free(role.code)
            require_sound(role, RoleBook(), role.rights)
            begin(role, by, why)
            record(_created(role, why))
    return role


def role_of(code: str) -> Role | None:
    """Return a live role by its code."""
    return Role.objects.filter(code=code, ended_at__isnull=True).first()


def live(role: Role, book: RoleBook) -> Role:
    """
    Return a role as it is now.

    Raises:
        InputError: it has ended, or never was.
    """
    found = book.by_pk.get(role.pk)
    if found is None:
        raise InputError(_("This role has ended, or never was."), code="ended")
    return found


def shown(role: Role) -> dict[str, object]:
    """Return a role as the audit shows it."""
    return {"code": role.code, **{name: getattr(role, name) for name in FIELDS}}


def resource_of(role: Role) -> str:
    """Return what a role is called in the audit."""
    return f"role:{role.code}"


def _require_free(code: str) -> None:
    if Role.objects.filter(code=code).exists():
        raise InputError(
            _("There is, or was, a role with this code."), field="code", code="taken"
        )


def _created(role: Role, why: str) -> RoleCreated:
    return RoleCreated(resource=resource_of(role), after=shown(role), reason=why)
