"""The one row about a person that is neither role nor right: clearance and posts."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.exceptions import InputError
from jtsec.fields.api import check_seal
from jtsec.identity.models import Identity

from .gate import Authority, policy_gate
from .losses import end_sessions_of
from .models import AccessProfile
from .person_in_hand import person_for, require_loser
from .policy_events import ClearanceChanged
from .refusals import refusals_recorded
from .rows import begin, checked_reason, keep

HIGHEST: Final = 100


def set_clearance(identity: Identity, level: int, *, reason: str) -> AccessProfile:
    """
    Say up to which sensitivity somebody may see (clause A4.14).

    Whoever may see less from now on is logged out: what is still on the screen was
    shown under the old clearance.

    Args:
        identity: who.
        level: 0 to 100.
        reason: why, in 1 to 200 characters.

    Raises:
        PolicyRefused: the actor may not, as for `assign`; recorded.
        InputError: the level is none, or the one in force; recorded.
    """
    resource = f"identity:{identity.uid}"
    with refusals_recorded(
        "set-clearance", resource=resource, subject=identity.login_name
    ):
        why, wanted = checked_reason(reason), _checked_level(level)
        with policy_gate() as by:
            profile = profile_in_hand(identity)
            before, profile.clearance = profile.clearance, wanted
            _require_changeable(by, profile, before)
            write_profile(profile, by, why)
            record(_changed(profile, before, why))
            if wanted < before:
                end_sessions_of([identity.pk])
    return profile


def profile_in_hand(identity: Identity) -> AccessProfile:
    """
    Return a person's row, locked and verified, or a new one that is not stored yet.

    Raises:
        RowSealBroken: it was altered; nothing is sealed anew over that.
        CannotVerify: the key is missing.
    """
    rows = AccessProfile.objects.filter(identity=identity.pk)
    found = rows.select_for_update().first()
    if found is None:
        return AccessProfile(identity=identity)
    check_seal(found)
    return found


def write_profile(profile: AccessProfile, by: Authority, why: str) -> None:
    """Store a person's row, new or changed, under a new seal."""
    if profile._state.adding:
        begin(profile, by, why)
    else:
        keep(profile)


def _require_changeable(by: Authority, profile: AccessProfile, before: int) -> None:
    """To give more asks more of a person than to take something from them."""
    if profile.clearance > before:
        person_for(by, profile.identity)
    else:
        require_loser(by, profile.identity)
    if profile.clearance == before:
        raise InputError(_("This is so already."), code="no-change")


def _changed(profile: AccessProfile, before: int, why: str) -> ClearanceChanged:
    return ClearanceChanged(
        resource=f"identity:{profile.identity.uid}",
        subject_username=profile.identity.user.get_username(),
        before={"clearance": before},
        after={"clearance": profile.clearance},
        reason=why,
    )


def _checked_level(level: object) -> int:
    is_number = isinstance(level, int) and not isinstance(level, bool)
    if not is_number or not 0 <= level <= HIGHEST:  # type: ignore[operator]  # a number
        raise InputError(
            _("A clearance lies between 0 and %(highest)s.") % {"highest": HIGHEST},
            field="clearance",
            code="out-of-range",
        )
    return int(level)  # type: ignore[call-overload,no-any-return]  # a number
