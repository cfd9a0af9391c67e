"""What is kept where: the months of the log, for the page and the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from jtsec.audit.sealing.models import AuditCheckpoint

from .dropping import may_go_after
from .models import AuditSegment, Move
from .segments import alias, move_of, segments


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
    months = (
        AuditCheckpoint.objects.using(alias())
        .filter(number__gt=after)
        .annotate(month=TruncMonth("at"))
        .values("month")
        .annotate(rows=Sum("count"))
        .order_by("month")
    )
    for one in months:
        yield Holding(month=one["month"], rows=one["rows"])
