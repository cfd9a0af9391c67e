"""
Walks the parts of a log, here or in several processes with connections of their own.

A process that is asked for a part gets numbers, public keys and the settings of the
database, nothing else; it reads its own key ring. What two neighbours say of the seam
between them must agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.core.database_processes import processes_on

from . import child
from .walking import Part, Progress, Walked, walk

ROWS: Final = 250_000
"""Rows of a part, about: often enough to show progress, too seldom to cost any."""


def bounds(using: str, first: int, last: int) -> list[tuple[int, int]]:
    """
    Return the numbers of checkpoints at which the log is cut into parts.

    The columns that guide it prove nothing; a wrong one makes parts uneven.
    """
    found: list[tuple[int, int]] = []
    stored = AuditCheckpoint.objects.using(using)
    while first <= last:
        row = stored.filter(number__gte=first, number__lte=last).order_by("number")
        begin = row.values_list("first_id", flat=True).first()
        over = None
        # SQLite keeps in the column what is no number at all.
        if isinstance(begin, int):
            wide = row.filter(last_id__gte=begin + ROWS - 1)
            over = wide.order_by("last_id", "number").first()
        end = last if over is None else max(min(over.number, last), first)
        found.append((first, end))
        first = end + 1
    return found


def walk_all(
    parts: Sequence[Part], processes: int, progress: Progress | None
) -> Iterator[Walked]:
    """
    Yield what each part gave, in order.

    Raises:
        CannotVerify, django.db.Error: as `walk`.
        ConfigurationError: the settings have no module that a process could read.
    """
    if processes <= 1 or len(parts) <= 1:
        for part in parts:
            yield walk(part, progress)
        return
    with processes_on(parts[0].using, min(processes, len(parts))) as pool:
        for walked in pool.map(child.walk_part, parts):
            if progress is not None:
                progress(walked.rows)
            yield walked
