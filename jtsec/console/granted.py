"""How lists call the state of a row of the policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from jtsec.core.clock import now
from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.fields.api import check_seal
from jtsec.fields.models import SealedRow


@dataclass(frozen=True)
class State:
    """A word, and the tone it is shown in."""

    word: str | Promise
    tone: str = ""


ALTERED = State(pgettext_lazy("jtsec grant", "Altered, gives nothing"), "bad")
UNVERIFIED = State(pgettext_lazy("jtsec grant", "Cannot be verified"), "bad")
ENDED = State(pgettext_lazy("jtsec grant", "Ended"))
EXPIRED = State(pgettext_lazy("jtsec grant", "Expired"))
AWAITED = State(pgettext_lazy("jtsec grant", "Not yet valid"), "warn")
IN_FORCE = State(pgettext_lazy("jtsec grant", "In force"), "good")


def state_of(row: SealedRow) -> State:
    """Return whether a row gives anything now; what was altered gives nothing."""
    try:
        check_seal(row)
    except VerifiedFalse:
        return ALTERED
    except CannotVerify:
        return UNVERIFIED
    at = now()
    since: Any = getattr(row, "valid_from", None)
    until: Any = getattr(row, "valid_until", None)
    if getattr(row, "ended_at", None) is not None:
        return ENDED
    if until is not None and until <= at:
        return EXPIRED
    return AWAITED if since is not None and since > at else IN_FORCE
