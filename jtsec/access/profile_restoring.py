"""An altered access profile is made anew; until then its person has nothing."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.exceptions import InputError
from jtsec.fields.api import RowSealBroken, check_seal
from jtsec.identity.api import fresh
from jtsec.identity.models import Duty, Identity

from .events import ProfileRestored
from .gate import policy_gate
from .losses import end_sessions_of
from .models import AccessProfile
from .person_in_hand import require_loser
from .refusals import refusals_recorded
from .rows import checked_reason, keep


def restore_profile(identity: Identity, *, reason: str) -> AccessProfile:
    """
    Make somebody's altered profile anew, with nothing in it.

    Nothing of what stands there is believed: clearance and posts are given again by
    their own verbs. Of the duty system it is the profile of who may set up and nothing
    else, for that may be what somebody wrote over; `finish_set_up` ends it.

    Args:
        identity: whose; never the actor's own.
        reason: why, in 1 to 200 characters.

    Raises:
        InputError: there is no reason, or nothing was altered; recorded.
        PolicyRefused: the actor may not, or the key is missing; recorded.
    """
    whose = {"resource": f"identity:{identity.uid}", "subject": identity.login_name}
    with refusals_recorded("restore-profile", **whose), policy_gate() as by:
        why = checked_reason(reason)
        person = fresh(identity.uid)
        require_loser(by, person)
        row = _altered(person)
        row.made_at, row.made_by, row.made_why = now(), by.name, why
        row.ended_at, row.ended_by, row.ended_why = None, "", ""
        row.clearance, row.posts = 0, []
        row.is_initial = person.duty == Duty.SYSTEM
        keep(row)
        record(_event(row, why))
        end_sessions_of([person.pk])
    return row


def _altered(person: Identity) -> AccessProfile:
    """Return a person's profile, whose seal is broken."""
    row = AccessProfile.objects.filter(identity=person.pk).select_for_update().first()
    if row is not None:
        try:
            check_seal(row)
        except RowSealBroken:
            return row
    raise InputError(_("This profile is as it was made."), code="no-change")


def _event(row: AccessProfile, why: str) -> ProfileRestored:
    return ProfileRestored(
        resource=f"identity:{row.identity.uid}",
        subject_username=row.identity.login_name,
        after={"clearance": 0, "posts": [], "is_initial": row.is_initial},
        reason=why,
    )
