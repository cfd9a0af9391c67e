"""Closes applications whose deadline has passed; a job calls it, or the command."""

from __future__ import annotations

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.context import current
from jtsec.identity.api import serialised

from .content import application_of
from .events import RequestExpired
from .exceptions import ApprovalRefused, ExecutionFailed
from .kinds import find_kind
from .models import OPEN, ApprovalRequest, State, StepKind
from .refusals import failure_recorded, refusals_recorded
from .rows import add_step, keep, locked


def expire_overdue() -> int:
    """
    Close every application whose deadline has passed, and return how many.

    None of them could be approved any more before that; this makes lists tell the
    truth. One that was altered stays as it is, with an alarm; so does one whose object
    cannot be told, such as one that is gone, with its failure recorded.
    """
    overdue = ApprovalRequest.objects.filter(state__in=OPEN, deadline__lte=now())
    numbers = list(overdue.values_list("pk", flat=True))
    closed = 0
    for number in numbers:
        try:
            with refusals_recorded("expire", number), serialised():
                row = locked(number).row
                if not row.is_open or row.deadline > now():
                    continue
                _close(row)
                closed += 1
        except ApprovalRefused:
            continue
        except ExecutionFailed as error:
            failure_recorded(row, error)
    return closed


def _close(row: ApprovalRequest) -> None:
    row.state, row.closed_at = State.EXPIRED.value, now()
    add_step(row, StepKind.EXPIRED, current().actor)
    keep(row)
    _tell_object(row)
    record(
        RequestExpired(
            resource=row.reference,
            subject_username=row.maker_username,
            kind=row.kind,
            about=row.resource,
        )
    )


def _tell_object(row: ApprovalRequest) -> None:
    """Let the object know; what fails there keeps no other application open."""
    kind = find_kind(row.kind)
    if kind is None:
        return
    try:
        kind.ended(application_of(row), row.state)
    except Exception as error:
        raise ExecutionFailed(f"{row.reference} could not be closed") from error
