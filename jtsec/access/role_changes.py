"""Changes roles; what would break an assignment is not done (clause A4.6)."""

from __future__ import annotations

from typing import Unpack

from jtsec.audit.api import record
from jtsec.core.acts import require_leave
from jtsec.fields.api import check_seal

from .gate import policy_gate
from .losses import end_sessions_of
from .models import Role
from .person_in_hand import require_others
from .policy_events import RoleChanged
from .reach import require_holders_in_reach
from .refusals import refusals_recorded
from .role_book import RoleBook
from .role_effects import changed_copy, effects_of, require_harmless
from .role_forms import RoleFields, checked_fields
from .role_soundness import require_sound
from .roles import live, resource_of, shown
from .rows import checked_reason, keep


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
            for. "oneself": the actor holds it. "actor-…". Recorded.
        InputError: as `create_role`; a cycle among the parents; or the role has ended.
    """
    with refusals_recorded("change-role", resource=resource_of(role)):
        require_leave("access.change-role", role=role.code)
        why, values = checked_reason(reason), checked_fields(changes)
        with policy_gate() as by:
            book = RoleBook()
            found = live(role, book)
            check_seal(found)
            wanted = changed_copy(found, values)
            require_sound(wanted, book, set(wanted.rights) - set(found.rights))
            effects = effects_of(found, wanted, book)
            require_others(by, effects.people)
            require_holders_in_reach(by, effects.people)
            require_harmless(effects)
            keep(wanted)
            record(_changed(found, wanted, end_sessions_of(effects.losers), why))
    return wanted


def _changed(
    former: Role, role: Role, losers: tuple[str, ...], why: str
) -> RoleChanged:
    before, after = shown(former), shown(role)
    different = [name for name in after if before[name] != after[name]]
    return RoleChanged(
        resource=resource_of(role),
        before={name: before[name] for name in different},
        after={name: after[name] for name in different},
        losers=losers,
        reason=why,
    )
