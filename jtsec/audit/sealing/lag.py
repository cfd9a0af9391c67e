"""How far sealing lies behind."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from jtsec.audit.models import AuditRecord
from jtsec.audit.unreadable import NO_TIME, UNREADABLE
from jtsec.core.clock import now

from .body import MalformedBody
from .gaps import merged
from .intake import RANGES, within
from .models import ONE, AuditCheckpoint, AuditSealer
from .reading import alias, last_checkpoint
from .standing import State, remembered


class Lag(NamedTuple):
    """
    What is not sealed yet.

    Args:
        rows: how many records wait.
        seconds: for how long the one that waits longest could have been sealed.
    """

    rows: int
    seconds: float


def lag() -> Lag:
    """
    Return how many records wait for their seal, and for how long.

    A record of a transaction that was open for a minute is a minute old when it is
    first seen; it counts from the last time when nothing was left to seal.

    Raises:
        django.db.Error: the database cannot be read.
    """
    last = last_checkpoint()
    sealer = AuditSealer.objects.using(alias()).filter(pk=ONE).first()
    state = _state(sealer, last)
    waiting = [Q(pk__gt=last.last_id if last else 0)]
    gaps = [(gap.low, gap.high) for gap in state.gaps]
    for start in range(0, len(gaps), RANGES):
        waiting.append(within(gaps[start : start + RANGES]))
    # What was altered does not wait: it is never sealed, and was told of.
    altered = merged(state.altered)[:RANGES]
    never = within(altered) if altered else Q(pk__in=())
    rows, oldest = 0, None
    for condition in waiting:
        records = AuditRecord.objects.using(alias())
        found = records.filter(condition).exclude(never)
        rows += found.count()
        oldest = min(filter(None, (oldest, oldest_of(found))), default=None)
    complete_at = sealer.complete_at if sealer else None
    return Lag(rows, _seconds_since(oldest, complete_at))


def oldest_of(records: QuerySet[AuditRecord]) -> datetime | None:
    """
    Return the time of the oldest of some records, None where there is none.

    Where a column holds no time, `NO_TIME`: whoever puts it there hides no record that
    waits.
    """
    try:
        found: datetime | None = records.aggregate(oldest=Min("at"))["oldest"]
    except UNREADABLE:
        return NO_TIME
    if found is not None and timezone.is_naive(found):
        found = timezone.make_aware(found)
    return found


def _state(sealer: AuditSealer | None, last: AuditCheckpoint | None) -> State:
    try:
        body = last.parsed() if last else None
    except MalformedBody:
        return State()
    return (remembered(sealer.state, body) if sealer else None) or State()


def _seconds_since(oldest: datetime | None, complete_at: datetime | None) -> float:
    if oldest is None:
        return 0.0
    present = _aware(now())
    since = oldest
    # A time that is still to come was told by a clock that has been set back since.
    if complete_at is not None and _aware(complete_at) <= present:
        since = max(oldest, _aware(complete_at))
    return max(0.0, (present - since).total_seconds())


def _aware(at: datetime) -> datetime:
    return timezone.make_aware(at) if timezone.is_naive(at) else at
