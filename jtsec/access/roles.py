"""Makes, changes and ends roles; what would break an assignment is not done (A4.6)."""

from __future__ import annotations

from typing import Unpack

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.acts import require_leave
from jtsec.core.exceptions import InputError
from jtsec.fields.api import check_seal

from .gate import Authority, policy_gate
from .holdings import RoleBook, held_by, holders_of, losers
from .losses import end_sessions_of
from .models import Assignment, Role
from .policy_events import RoleChanged, RoleCreated, RoleEnded
from .reach import require_holders_in_reach
from .refusals import refusals_recorded
from .role_effects import changed_copy, effects_of, people_of, require_harmless
from .role_forms import FIELDS, RoleFields, checked_code, checked_fields
from .role_soundness import require_sound
from .rows import alive, begin, checked_reason, end, keep


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
            record(RoleCreated(resource=_resource(role), after=shown(role), reason=why))
    return role


def change_role(role: Role, *, reason: str, **changes: Unpack[RoleFields]) -> Role:
    """
    Change a role for all who hold it; the sessions of who lost something by it end.

    Args:
        role: which; the one given is left as it was.
        reason: why, in 1 to 200 characters.
        changes: what is to be different.

    Returns:
        The role as it is now.

    Raises:
        PolicyRefused: "would-break-assignment": somebody who holds the role could not
            be given it as it would be; says how many, and in the audit whom and why.
            "other-organisation": somebody holds it who is not the actor's to care
            for. "actor-…". Recorded; nothing is changed.
        InputError: as `create_role`; a cycle among the parents; or the role has ended.
    """
    with refusals_recorded("change-role", resource=_resource(role)):
        require_leave("access.change-role", role=role.code)
        why, values = checked_reason(reason), checked_fields(changes)
        with policy_gate() as by:
            book = RoleBook()
            found = _live(role, book)
            check_seal(found)
            wanted = changed_copy(found, values)
            require_sound(wanted, book, set(wanted.rights) - set(found.rights))
            effects = effects_of(found, wanted, book)
            require_holders_in_reach(by, effects.people)
            require_harmless(effects)
            keep(wanted)
            record(_changed(found, wanted, end_sessions_of(effects.losers), why))
    return wanted


def end_role(role: Role, *, reason: str) -> Role:
    """
    End a role and take it from all who hold it; their sessions end.

    A role that was altered by SQL is ended as well: that is how one gets rid of it.

    Raises:
        PolicyRefused: the actor may not, or somebody holds it who is not the actor's
            to care for; recorded.
        InputError: another role builds on it, or it has ended already; recorded.
    """
    with refusals_recorded("end-role", resource=_resource(role)):
        require_leave("access.change-role", role=role.code)
        why = checked_reason(reason)
        with policy_gate() as by:
            book = RoleBook()
            found = _live(role, book)
            _require_no_heirs(found, book)
            people = holders_of([found])
            require_holders_in_reach(by, people_of(people))
            before = held_by(people, book)
            _end_with_assignments(found, by, why)
            lost = losers(before, held_by(people, RoleBook()))
            names = end_sessions_of(lost)
            record(
                RoleEnded(
                    resource=_resource(found),
                    before=shown(found),
                    losers=names,
                    reason=why,
                )
            )
    return found


def role_of(code: str) -> Role | None:
    """Return a live role by its code."""
    return Role.objects.filter(code=code, ended_at__isnull=True).first()


def shown(role: Role) -> dict[str, object]:
    """Return a role as the audit shows it."""
    return {"code": role.code, **{name: getattr(role, name) for name in FIELDS}}


def _require_free(code: str) -> None:
    if Role.objects.filter(code=code).exists():
        raise InputError(
            _("There is, or was, a role with this code."), field="code", code="taken"
        )


def _live(role: Role, book: RoleBook) -> Role:
    found = book.by_pk.get(role.pk)
    if found is None:
        raise InputError(_("This role has ended, or never was."), code="ended")
    return found


def _require_no_heirs(role: Role, book: RoleBook) -> None:
    heirs = sorted(one.code for one in book.built_on(role) if one != role)
    if heirs:
        raise InputError(
            _("Other roles build on this one: %(codes)s.")
            % {"codes": ", ".join(heirs)},
            code="built-on",
        )


def _end_with_assignments(role: Role, by: Authority, why: str) -> None:
    rows = Assignment.objects.filter(alive(), role=role).select_for_update()
    for assignment in rows:
        end(assignment, by, why)
    end(role, by, why)


def _changed(
    former: Role, role: Role, losers: tuple[str, ...], why: str
) -> RoleChanged:
    before, after = shown(former), shown(role)
    different = [name for name in after if before[name] != after[name]]
    return RoleChanged(
        resource=_resource(role),
        before={name: before[name] for name in different},
        after={name: after[name] for name in different},
        losers=losers,
        reason=why,
    )


def _resource(role: Role) -> str:
    return f"role:{role.code}"
