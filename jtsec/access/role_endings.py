"""Ends roles, and takes them from all who hold them (clause A4.6)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.acts import require_leave
from jtsec.core.exceptions import InputError

from .gate import Authority, policy_gate
from .holdings import held_by, holders_of, losers
from .losses import end_sessions_of
from .models import Assignment, Role
from .person_in_hand import require_others
from .policy_events import RoleEnded
from .reach import require_holders_in_reach
from .refusals import refusals_recorded
from .role_book import RoleBook
from .role_effects import people_of
from .roles import live, resource_of, shown
from .rows import alive, checked_reason, end


def end_role(role: Role, *, reason: str) -> Role:
    """
    End a role and take it from all who hold it; their sessions end.

    A role that was altered by SQL is ended as well: that is how one gets rid of it.

    Raises:
        PolicyRefused: the actor may not, or somebody holds it who is not the actor's
            to care for; "oneself": the actor holds it. Recorded.
        InputError: another role builds on it, or it has ended already; recorded.
    """
    with refusals_recorded("end-role", resource=resource_of(role)):
        require_leave("access.change-role", role=role.code)
        why = checked_reason(reason)
        with policy_gate() as by:
            book = RoleBook()
            found = live(role, book)
            _require_no_heirs(found, book)
            people = holders_of([found])
            holders = people_of(people)
            require_others(by, holders)
            require_holders_in_reach(by, holders)
            before = held_by(people, book)
            _end_with_assignments(found, by, why)
            lost = losers(before, held_by(people, RoleBook()))
            names = end_sessions_of(lost)
            record(
                RoleEnded(
                    resource=resource_of(found),
                    before=shown(found),
                    losers=names,
                    reason=why,
                )
            )
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
