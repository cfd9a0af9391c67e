"""
What was passed on is taken back, from one and from all who have it from them (A4.8).

Whoever gave it may take it back, and so may everybody through whose hands it came
before, and the security administrator. The same lock stands before passing on: a hand
that passes on in the very instant either comes first, and what it gave ends too, or
finds its own right ended.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.identity.models import Identity

from .believing import Belief, believed
from .beneath import all_from
from .ending import about_to_end
from .events import PassedRightRevoked, PropagationRevoked
from .gate import GRANTERS, Authority, PolicyRefused, policy_gate
from .losses import end_sessions_of
from .models import Propagation, RightGrant
from .reach import require_person_in_reach
from .refusals import refusals_recorded
from .rows import checked_reason, end


def revoke_propagation(propagation: Propagation, *, reason: str) -> int:
    """
    Take a right to pass on back, and all that came from it; live sessions end.

    Args:
        propagation: which.
        reason: why, in 1 to 200 characters.

    Returns:
        How many rows ended, this one included.

    Raises:
        InputError: there is no reason, or it has ended already.
        PolicyRefused: the actor has not given it, or it was altered.
    """
    right, holder = propagation.right, propagation.identity
    with (
        refusals_recorded(
            "revoke-propagation", resource=right, subject=holder.login_name
        ),
        policy_gate(None) as by,
    ):
        why = checked_reason(reason)
        row, is_whole = about_to_end(Propagation.objects.all(), propagation.pk)
        _require_giver(by, row.chain[:-1] if is_whole else [], row.identity)
        ended = list(all_from(row))
        for one in ended:
            end(one, by, why)
        losers = {one.identity_id: one.identity for one in ended}
        record(
            PropagationRevoked(
                resource=f"identity:{row.identity.uid}",
                subject_username=row.identity.login_name,
                right=row.right,
                losers=[one.login_name for one in losers.values()],
                reason=why,
            )
        )
        end_sessions_of(losers)
    return len(ended)


def revoke_use(grant: RightGrant, *, reason: str) -> None:
    """
    Take a right for use back from whom it was passed on to; live sessions end.

    Args:
        grant: which.
        reason: why, in 1 to 200 characters.

    Raises:
        InputError, PolicyRefused: as `revoke_propagation`.
    """
    right, holder = grant.right, grant.identity
    with (
        refusals_recorded("revoke-use", resource=right, subject=holder.login_name),
        policy_gate(None) as by,
    ):
        why = checked_reason(reason)
        row, is_whole = about_to_end(RightGrant.objects.all(), grant.pk)
        is_known = is_whole and believed(row.source) is Belief.WHOLE
        _require_giver(by, row.source.chain if is_known else [], row.identity)
        end(row, by, why)
        record(
            PassedRightRevoked(
                resource=f"identity:{row.identity.uid}",
                subject_username=row.identity.login_name,
                right=row.right,
                reason=why,
            )
        )
        end_sessions_of([row.identity_id])


def _require_giver(by: Authority, hands: Sequence[str], person: Identity) -> None:
    """
    Return if the actor sets the policy, or is one of the hands it came through.

    Args:
        by: who acts.
        hands: UIDs of who gave it, and of who gave it to them; of an altered row none
            is believed.
        person: from whom it is to be taken.
    """
    if by.identity is None:
        return
    if by.identity.pk != person.pk:
        if str(by.identity.uid) in hands:
            return
        if by.identity.duty in GRANTERS:
            require_person_in_reach(by, person)
            return
    raise PolicyRefused(
        "not-the-giver", _("Only who gave it, or the security administrator, may.")
    )
