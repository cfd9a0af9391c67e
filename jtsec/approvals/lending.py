"""
What may be lent: a right of the giver, to somebody it makes no judge of their own.

Asked under the lock of identities and policy, when a delegation is made; and again by
the choke point for each application, for much may be applied for afterwards.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from jtsec.identity.models import Identity

from .exceptions import ApprovalRefused
from .kinds import Kind
from .models import OPEN, ApprovalRequest
from .rights import missing, stands_in_way

SENTENCES: Final[dict[str, Promise]] = {
    "anonymous": gettext_lazy("Somebody must be named for this."),
    "to-oneself": gettext_lazy("Nobody stands in for themselves."),
    "right-missing": gettext_lazy("You cannot lend a right that you do not have."),
    "delegate-of-maker": gettext_lazy(
        "One of you has an application of this kind open; somebody else must stand in."
    ),
}
NOT_SUITABLE: Final = gettext_lazy("This person may not stand in for you here.")


def require_harmless(giver: Identity, receiver: Identity, kind: Kind) -> None:
    """
    Refuse what would let a maker decide, directly or through a friend.

    Raises:
        ApprovalRefused: with the exact reason.
    """
    if giver.uid == receiver.uid:
        raise refused("to-oneself")
    rights = [right for right in kind.checking_rights if not missing(giver, right)]
    if not rights:
        raise refused("right-missing")
    if _has_open(kind, {str(giver.uid), str(receiver.uid)}):
        raise refused("delegate-of-maker")
    reasons = [
        reason
        for right in rights
        if missing(receiver, right)
        and (reason := stands_in_way(receiver, giver, right))
    ]
    if len(reasons) == len(rights):
        raise refused(reasons[0])


def _has_open(kind: Kind, uids: set[str]) -> bool:
    rows = ApprovalRequest.objects.filter(kind=kind.code, state__in=OPEN)
    makers = rows.values_list("maker_uid", "makers")
    return any(uids & {first, *others} for first, others in makers.iterator())


def refused(reason: str) -> ApprovalRefused:
    """Return the refusal of a reason, in words for the person."""
    return ApprovalRefused(reason, str(SENTENCES.get(reason, NOT_SUITABLE)))
