"""
What somebody sees: their own applications, those that wait for them, one of them.

Lists decide nothing: they ask what the choke point will ask again. What somebody made
never stands under what waits for them, whatever rights they have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from jtsec.core.clock import now
from jtsec.core.exceptions import InputError, VerifiedFalse
from jtsec.identity.api import identity_of
from jtsec.identity.models import Identity

from .judging import checkers_of, makers_of, right_for
from .kinds import Kind, find_kind, known_kinds
from .models import MAKING, OPEN, ApprovalRequest, ApprovalStep
from .refusals import refusals_recorded
from .rights import missing, stands_in_way
from .rows import Held, read
from .standing_in import givers_for

LIMIT: Final = 100
VIEW_RIGHT: Final = "jtsec.view_approvalrequest"


def mine(user: Any, limit: int = LIMIT) -> list[ApprovalRequest]:
    """Return the applications somebody raised or amended, the newest first."""
    identity = identity_of(user)
    if identity is None:
        return []
    made = ApprovalStep.objects.filter(actor_uid=str(identity.uid), kind__in=MAKING)
    rows = ApprovalRequest.objects.filter(pk__in=made.values("request_id"))
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
    kinds = {one.code: one for one in known_kinds() if _may_check(identity, one)}
    rows = ApprovalRequest.objects.filter(
        state__in=OPEN, kind__in=list(kinds), deadline__gt=now()
    )
    found: list[ApprovalRequest] = []
    for row in rows.defer("content").order_by("submitted_at", "id").iterator(500):
        if _may_wait_for(identity, row, kinds[row.kind]) and _waits_for(identity, row):
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


def history(row: ApprovalRequest) -> Sequence[ApprovalStep]:
    """Return what was done with an application, oldest first; raises as `find`."""
    return find_with_history(row.pk).steps


def may_see(user: Any, held: Held) -> bool:
    """
    Answer whether somebody may open an application.

    Who made it or decided over it, who has one of the rights to decide over it, in
    their own name or in another's place, and the auditors, who look on.
    """
    identity = identity_of(user)
    if identity is None:
        return False
    own = str(identity.uid)
    if own in held.row.makers or any(own == one.actor_uid for one in held.steps):
        return True
    if not missing(identity, VIEW_RIGHT, afresh=False):
        return True
    kind = find_kind(held.row.kind)
    if kind is None:
        return False
    return _may_check(identity, kind, kind.object_of(held.row.resource))


def may_take_next(user: Any, held: Held) -> bool:
    """Answer whether a page offers somebody the next step."""
    identity, kind = identity_of(user), find_kind(held.row.kind)
    if identity is None or kind is None or not held.row.is_open:
        return False
    own = str(identity.uid)
    if own in makers_of(held, kind) or own in checkers_of(held):
        return False
    right, about = right_for(held.row, kind), kind.object_of(held.row.resource)
    return held.row.deadline > now() and _has(identity, kind, right, about)


def _may_wait_for(identity: Identity, row: ApprovalRequest, kind: Kind) -> bool:
    """Answer by the row alone, for most rows of a long list end here."""
    if str(identity.uid) in row.makers:
        return False
    return _has(identity, kind, right_for(row, kind), kind.object_of(row.resource))


def _waits_for(identity: Identity, row: ApprovalRequest) -> bool:
    try:
        return may_take_next(identity.user, read(row.pk))
    except (VerifiedFalse, InputError):
        return True


def _may_check(identity: Identity, kind: Kind, about: Any = None) -> bool:
    return any(_has(identity, kind, right, about) for right in kind.checking_rights)


def _has(identity: Identity, kind: Kind, right: str, about: Any = None) -> bool:
    if not missing(identity, right, about, afresh=False):
        return True
    return any(
        not stands_in_way(identity, giver, right, about, afresh=False)
        for giver in givers_for(identity, kind, _read_identity)
    )


def _read_identity(uid: str) -> Identity:
    rows = Identity.objects.select_related("user", "organisation")
    try:
        return rows.get(uid=uid)
    except ObjectDoesNotExist as error:
        raise InputError(_("This person is not registered any more.")) from error
