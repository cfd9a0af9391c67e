"""
The administrator made at installation, and how that ends (clauses A4.5, P38).

    make_initial(identity)          jtsec_init, as the system
    finish_set_up(reason="…")       jtsec_init --finish, or the security administrator

Until it ends, whatever the duty would give, only functions marked `set_up` work for
this person: parameters, organisations, users and rights. There is no business in it,
and no reading of the audit.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.context import current
from jtsec.core.exceptions import InputError
from jtsec.identity.api import fresh
from jtsec.identity.models import Duty, Identity

from .events import SetUpBegun, SetUpFinished
from .gate import PolicyRefused, policy_gate
from .losses import end_sessions_of
from .models import AccessProfile
from .refusals import refusals_recorded
from .rows import alive, begin, checked_reason, keep, whole
from .setting_up import ENOUGH, initial_administrators, technical_administrators


def make_initial(identity: Identity) -> AccessProfile | None:
    """
    Mark the first technical administrator as made for setting up.

    Args:
        identity: of the duty system, just registered by the installation.

    Returns:
        The profile; None where somebody was there before: nobody who comes later is
        the first.

    Raises:
        PolicyRefused: a person acts, or a request; this is the installation's.
    """
    with (
        refusals_recorded("make-initial", subject=identity.login_name),
        policy_gate() as by,
    ):
        if by.identity is not None or current().request is not None:
            raise PolicyRefused("not-on-console", _("Your duty does not include this."))
        person = fresh(identity.uid)
        others = technical_administrators().exclude(pk=person.pk)
        is_first = not others.exists() and not initial_administrators().exists()
        if person.duty != Duty.SYSTEM or not is_first:
            return None
        row = AccessProfile(identity=person, is_initial=True)
        begin(row, by, "installation")
        record(
            SetUpBegun(
                resource=f"identity:{person.uid}", subject_username=person.login_name
            )
        )
    return row


def finish_set_up(*, reason: str) -> Identity:
    """
    Make the initial administrator an ordinary technical one; their sessions end.

    Args:
        reason: why, in 1 to 200 characters.

    Returns:
        Whose setting up is over.

    Raises:
        InputError: there is no reason, or there is no initial administrator.
        PolicyRefused: the actor may not; or, "set-up-unfinished", there would be
            fewer than two technical administrators.
    """
    with refusals_recorded("finish-set-up"), policy_gate() as by:
        why = checked_reason(reason)
        waiting = AccessProfile.objects.filter(alive(), is_initial=True).first()
        if waiting is None:
            raise InputError(_("There is no initial administrator."), code="no-change")
        row = whole(AccessProfile.objects.all(), waiting.pk)
        person = fresh(row.identity.uid)
        if by.identity is not None and by.identity.pk == person.pk:
            raise PolicyRefused("oneself", _("Nobody changes their own rights."))
        if technical_administrators().count() + 1 < ENOUGH:
            raise PolicyRefused(
                "set-up-unfinished",
                _("First register a second technical administrator."),
            )
        row.is_initial = False
        keep(row)
        record(
            SetUpFinished(
                resource=f"identity:{person.uid}",
                subject_username=person.login_name,
                reason=why,
            )
        )
        end_sessions_of([person.pk])
    return person
