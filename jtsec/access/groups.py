"""
Turns Django's groups into roles (clauses A4.2, A4.6).

A project that begins to use jtsec has its rights in groups, which count for nothing any
more. The plan says what would become of each; carrying it out is all or nothing. What
does not fit, a group over two duties, a member of another duty, is named and left out.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.context import Actor, acting_as, system_actor
from jtsec.core.exceptions import Refused

from .assignments import assign
from .gate import policy_gate
from .group_plan import PlannedRole, plan
from .policy_events import GroupsImported
from .roles import create_role
from .rows import checked_reason

COMMAND = "jtsec_roles_import"


def carry_out(by: Actor, *, reason: str) -> tuple[PlannedRole, ...]:
    """
    Make a role of every group, and give it to the members whom it fits.

    The deed of a named person on the server's console, done as the command: what was
    in force already needs no second person's approval to stay in force.

    Args:
        by: the person, of the duty security.
        reason: why, in 1 to 200 characters.

    Returns:
        What was done.

    Raises:
        Refused: the person has another duty.
        InputError, Refused: as for `create_role` and `assign`; nothing was done.
    """
    why = checked_reason(reason)
    if by.duty != "security":
        raise Refused("actor-duty", _("Your duty does not include this."))
    with acting_as(system_actor(COMMAND)), policy_gate():
        done = plan()
        for one in done:
            _make(one, why)
        record(_imported(done, why), actor=by)
    return done


def _make(planned: PlannedRole, why: str) -> None:
    if planned.duty and planned.is_new:
        create_role(
            planned.code,
            name=planned.name,
            duty=planned.duty,
            rights=planned.rights,
            reason=why,
        )
    for member in planned.members:
        assign(member, planned.code, reason=why)


def _imported(done: tuple[PlannedRole, ...], why: str) -> GroupsImported:
    return GroupsImported(
        roles=[one.code for one in done if one.duty and one.is_new],
        assignments=sum(len(one.members) for one in done),
        problems=sum(len(one.problems) for one in done),
        reason=why,
    )
