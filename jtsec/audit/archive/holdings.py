"""What is kept where: the months of the log, for the page and the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Min, Sum
from django.utils import timezone

from jtsec.audit.sealing.models import AuditCheckpoint

from .dropping import may_go_after
from .models import AuditSegment, Move
from .segments import alias, aware, move_of, segments, start_of_month


@dataclass(frozen=True)
class Holding:
    """
    One segment, or one month that is not archived.

    Args:
        month: a moment in the month.
        rows: how many events.
        segment: the file's name, "" where there is none.
        digest: SM3 of the file, in hexadecimal.
        size: bytes of the file.
        is_in_database: whether the rows are in the table.
        may_go: from when on they may be dropped; None before they are archived.
    """

    month: datetime
    rows: int
    segment: str = ""
    digest: str = ""
    size: int = 0
    is_in_database: bool = True
    may_go: datetime | None = None


def holdings() -> list[Holding]:
    """Return the log by months and segments, the newest first."""
    archived = list(segments().order_by("first_checkpoint"))
    last = archived[-1].last_checkpoint if archived else 0
    found = [*(_of_segment(one) for one in archived), *_not_archived(last)]
    return found[::-1]


def _of_segment(segment: AuditSegment) -> Holding:
    youngest = segment.until
    return Holding(
        month=youngest or segment.made_at,
        rows=segment.rows,
        segment=segment.name,
        digest=bytes(segment.digest).hex(),
        size=segment.size,
        is_in_database=move_of(segment) != Move.DROPPED,
        may_go=None if youngest is None else may_go_after(youngest),
    )


def _not_archived(after: int) -> Iterator[Holding]:
    """
    Yield the months whose checkpoints are in no segment.

    Counted month by month between its ends: MySQL cuts a time to its month only where
    somebody has loaded the time zones.
    """
    left = AuditCheckpoint.objects.using(alias()).filter(number__gt=after)
    ends = left.aggregate(first=Min("at"), last=Max("at"))
    if ends["first"] is None:
        return
    month = start_of_month(ends["first"])
    while month <= aware(ends["last"]):
        following = start_of_month(month + timedelta(days=32))
        within = left.filter(at__gte=_column(month), at__lt=_column(following))
        rows = within.aggregate(rows=Sum("count"))["rows"]
        if rows:
            yield Holding(month=month, rows=rows)
        month = following


def _column(at: datetime) -> datetime:
    return at if settings.USE_TZ else timezone.make_naive(at)
