"""
Scans the parts of a table here, or in several processes with connections of their own.

A process that is asked for a part gets names, keys and the settings of the database,
nothing else; it reads its own key ring.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jtsec.core.database_processes import processes_on

from . import child
from .parts import Part, Progress, scan
from .scanning import Scanned


def scan_all(
    parts: Sequence[Part], processes: int, progress: Progress | None
) -> Iterator[Scanned]:
    """
    Yield what each part was found to be, in order.

    Raises:
        CannotVerify, django.db.Error: as `scan`.
        ConfigurationError: the settings have no module that a process could read.
    """
    if processes <= 1 or len(parts) <= 1:
        for part in parts:
            yield scan(part, progress)
        return
    with processes_on(parts[0].using, min(processes, len(parts))) as pool:
        for found in pool.map(child.scan_part, parts):
            if progress is not None:
                progress(found.rows)
            yield found
