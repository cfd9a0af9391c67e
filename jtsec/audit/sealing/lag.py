"""How far sealing lies behind."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Min, Q

from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now

from .intake import RANGES, within
from .models import ONE, AuditSealer
from .reading import alias, last_checkpoint


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
    state = sealer.state if sealer else {}
    waiting = [Q(pk__gt=last.last_id if last else 0)]
    gaps = [(low, high) for low, high, *_rest in state.get("gaps", [])]
    for start in range(0, len(gaps), RANGES):
        waiting.append(within(gaps[start : start + RANGES]))
    # What was altered does not wait: it is never sealed, and was told of.
    altered = state.get("altered", [])[:RANGES]
    never = within(altered) if altered else Q(pk__in=())
    rows, oldest = 0, None
    for condition in waiting:
        records = AuditRecord.objects.using(alias())
        found = records.filter(condition).exclude(never)
        seen = found.aggregate(rows=Count("pk"), oldest=Min("at"))
        rows += seen["rows"]
        oldest = min(filter(None, (oldest, seen["oldest"])), default=None)
    complete_at = sealer.complete_at if sealer else None
    return Lag(rows, _seconds_since(oldest, complete_at))


def _seconds_since(oldest: datetime | None, complete_at: datetime | None) -> float:
    if oldest is None:
        return 0.0
    since = oldest if complete_at is None else max(oldest, complete_at)
    # A clock that was set back makes nothing younger than now.
    return max(0.0, (now() - since).total_seconds())
