"""Takes roles back; the sessions of who loses by it end (clause A4.10)."""

from __future__ import annotations

from jtsec.audit.api import record
from jtsec.core.exceptions import CannotVerify, VerifiedFalse

from .assignments import whom
from .gate import policy_gate
from .holdings import held_by, losers
from .losses import end_sessions_of
from .models import Assignment
from .person_in_hand import require_loser
from .policy_events import RoleRevoked
from .refusals import refusals_recorded
from .role_book import RoleBook
from .rows import checked_reason, end, whole


def revoke(assignment: Assignment, *, reason: str) -> Assignment:
    """
    Take a role back; the sessions of who lost something by it end.

    An assignment that was altered by SQL is taken back as well: it ends, and an ended
    row gives nothing, whatever else it says.

    Args:
        assignment: which.
        reason: why, in 1 to 200 characters.

    Raises:
        PolicyRefused: the actor may not; recorded.
        InputError: it has ended already, or there is no reason; recorded.
    """
    resource = f"assignment:{assignment.pk}"
    subject = assignment.identity.user.get_username()
    with refusals_recorded("revoke", resource=resource, subject=subject):
        why = checked_reason(reason)
        with policy_gate() as by:
            book = RoleBook()
            found = _live(assignment)
            require_loser(by, found.identity)
            before = held_by([found.identity_id], book)
            end(found, by, why)
            lost = losers(before, held_by([found.identity_id], book))
            record(RoleRevoked(**whom(found), reason=why))
            end_sessions_of(lost)
    return found


def _live(assignment: Assignment) -> Assignment:
    """Return a live row, locked; an altered one too, for it is about to end."""
    rows = Assignment.objects.all()
    try:
        return whole(rows, assignment.pk)
    except (VerifiedFalse, CannotVerify):
        return rows.select_for_update().get(pk=assignment.pk)
