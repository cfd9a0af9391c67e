"""Who may change keys: a person of the duty that looks after the machines."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from jtsec.audit.api import boundary, record
from jtsec.core.context import current
from jtsec.core.exceptions import InputError, Refused

from .events import RotationRefused

LONGEST_REASON: Final = 200
DUTIES: Final = frozenset({"system"})


def require_duty(resource: str, reason: str) -> str:
    """
    Return the reason in order, for the actor of the context.

    Raises:
        InputError: there is no reason.
        Refused: "keys-not-allowed".
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise InputError(_("Give a reason."), field="reason", code="required")
    actor = current().actor
    if actor.kind != "person" or actor.duty not in DUTIES:
        with boundary():
            record(RotationRefused(resource=resource, reason=reason))
        raise Refused("keys-not-allowed", _("Your duty does not include this."))
    return reason
