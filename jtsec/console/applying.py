"""What a button does where an act stands under approval: it applies (clause A4.4)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.approvals.api import is_under_approval
from jtsec.authentication.api import Recorded, recorded_as

from .acting import Act, StrOrPromise

SUBMITTED = _("The application is submitted. A second person has to approve it.")


def either(act: str, verb: Act, application: Act) -> Act:
    """
    Return what a button does: the act itself, or an application for it (A4.4).

    Args:
        act: its name, as JTSEC_APPROVALS_ACTS has it.
        verb: does it.
        application: submits it, so that a second person has to approve.
    """
    return application if is_under_approval(act) else verb


def said(act: str, done: StrOrPromise) -> StrOrPromise:
    """Return what a page says afterwards: that it is done, or waits for approval."""
    return SUBMITTED if is_under_approval(act) else done


def recorded_for(act: str, *codes: str) -> Recorded:
    """
    Return what will be recorded: the act itself, or that it was applied for.

    Args:
        act: its name, as JTSEC_APPROVALS_ACTS has it.
        codes: of the events of the act itself.
    """
    return recorded_as(*codes_for(act, *codes))


def codes_for(act: str, *codes: str) -> tuple[str, ...]:
    """Return the codes of what will be recorded; as `recorded_for`."""
    return ("approvals:request:submitted",) if is_under_approval(act) else codes
