"""Whether a row is what was written, as one word for a list (clause A5.8)."""

from __future__ import annotations

from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.audit.exceptions import RecordAltered
from jtsec.audit.models import AuditRecord
from jtsec.audit.verification import verify_record
from jtsec.core.exceptions import CannotVerify


class State(Enum):
    """What the check value says of a row right now."""

    WHOLE = "whole"
    ALTERED = "altered"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str | Promise:
        """Return it in words."""
        return LABELS[self]


LABELS = {
    State.WHOLE: _("Agrees"),
    State.ALTERED: _("Altered"),
    State.UNKNOWN: _("Cannot be verified"),
}


def state_of(row: AuditRecord) -> State:
    """Return what the check value and the columns of a row say, right now."""
    try:
        verify_record(row)
    except RecordAltered:
        return State.ALTERED
    except CannotVerify:
        return State.UNKNOWN
    return State.WHOLE
