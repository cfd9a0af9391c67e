"""
What somebody sees: their own applications, those that wait for them, one of them.

Lists decide nothing: they ask what the choke point will ask again. What somebody made
never stands under what waits for them, whatever rights they have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from jtsec.core.clock import now
from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.identity.api import identity_of

from .kinds import known_kinds
from .models import MAKING, OPEN, ApprovalRequest, ApprovalStep
from .refusals import refusal_recorded, refusals_recorded
from .rows import Held, read
from .viewing import Viewer, may_see
from .wording import refused

LIMIT: Final = 50


def mine(
    user: Any, limit: int = LIMIT, *, after: UUID | None = None
) -> list[ApprovalRequest]:
    """
    Return the applications somebody raised or amended, the newest first.

    Args:
        user: who.
        limit: how many at most.
        after: one of theirs, behind which the list begins; any other is none.
    """
    identity = identity_of(user)
    if identity is None:
        return []
    made = ApprovalStep.objects.filter(actor_uid=str(identity.uid), kind__in=MAKING)
    rows = ApprovalRequest.objects.filter(pk__in=made.values("request_id"))
    known = rows.filter(pk=after) if after is not None else rows.none()
    last = known.values_list("submitted_at", "pk").first()
    if last is not None:
        at, pk = last
        rows = rows.filter(Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=pk))
    return list(rows.defer("content")[:limit])


def waiting_for(user: Any, limit: int = LIMIT) -> list[ApprovalRequest]:
    """
    Return the open applications whose next step somebody may take, the oldest first.

    Their own, those they decided at an earlier step and those they touched are not
    among them. One that was altered is, for who opens it raises the alarm.
    """
    identity = identity_of(user)
    if identity is None:
        return []
    viewer = Viewer(identity)
    kinds = {one.code: one for one in known_kinds() if viewer.may_check(one)}
    rows = ApprovalRequest.objects.filter(
        state__in=OPEN, kind__in=list(kinds), deadline__gt=now()
    )
    found: list[ApprovalRequest] = []
    for row in rows.defer("content").order_by("submitted_at", "id").iterator(500):
        if viewer.may_be_next(row, kinds[row.kind]) and _waits_for(viewer, row):
            found.append(row)
        if len(found) >= limit:
            break
    return found


def find(request_id: UUID) -> ApprovalRequest:
    """
    Return an application, its seal and its history verified.

    Raises:
        InputError: there is none of that number.
        ApprovalRefused: it was altered, or cannot be verified; recorded.
    """
    return find_with_history(request_id).row


def find_with_history(request_id: UUID) -> Held:
    """Return an application and its steps, verified; raises as `find`."""
    with refusals_recorded("show", request_id):
        return read(request_id)


def require_concerned(user: Any, request_id: UUID) -> None:
    """
    Refuse whoever may not open an application; a program learns no more than a page.

    Raises:
        ApprovalRefused: it is no business of theirs; recorded. Or as `find`.
    """
    held = find_with_history(request_id)
    if not may_see(user, held):
        refusal_recorded(held.row, "show", "not-concerned")
        raise refused("not-concerned")


def history(row: ApprovalRequest) -> Sequence[ApprovalStep]:
    """Return what was done with an application, oldest first; raises as `find`."""
    return find_with_history(row.pk).steps


def _waits_for(viewer: Viewer, row: ApprovalRequest) -> bool:
    try:
        return viewer.may_take_next(read(row.pk))
    except (VerifiedFalse, CannotVerify):
        return True
