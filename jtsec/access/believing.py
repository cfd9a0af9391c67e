"""Whether a row of the policy can be believed; what was altered gives nothing."""

from __future__ import annotations

from enum import Enum

from jtsec.core.exceptions import CannotVerify
from jtsec.fields.api import RowSealBroken, check_seal

from .events import PolicyRowAltered, PolicyRowUnverified
from .models import AccessRow
from .throttled import alarm


class Belief(Enum):
    """What is known of a row."""

    WHOLE = "whole"
    ALTERED = "altered"
    UNKNOWN = "unknown"
    """The key is missing: neither whole nor altered, and so not believed."""


def believed(row: AccessRow) -> Belief:
    """Return what a row's seal says; an alarm is left when it is not whole."""
    resource = f"{row._meta.label_lower}:{row.pk}"
    try:
        check_seal(row)
    except RowSealBroken:
        alarm(f"altered:{resource}", PolicyRowAltered(resource=resource))
        return Belief.ALTERED
    except CannotVerify as error:
        alarm(
            f"unverified:{resource}",
            PolicyRowUnverified(resource=resource, reason=str(error)[:200]),
        )
        return Belief.UNKNOWN
    return Belief.WHOLE
