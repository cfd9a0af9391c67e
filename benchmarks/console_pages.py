"""
What a page of the console takes: `python -m benchmarks.console_pages`.

    python -m benchmarks.console_pages --rows 1000000 --keep PAGE

PAGE is docs/explanation/performance.md. The events are real ones, sealed before the
first page is asked for; a million takes some minutes and two gigabytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from benchmarks import filled_log
from benchmarks.measuring import Table

CHILD: Final = "benchmarks.console_pages_child"


def tables(found: Sequence[tuple[str, float, float]], rows: int) -> list[Table]:
    """Return the measurement as one table, the slowest page first."""
    told = Table(
        f"A page of the console with {rows:,} events in the log",
        ("page", "first, ms", "median of five, ms"),
    )
    for address, first, middle in sorted(found, key=lambda one: -one[2]):
        told.rows.append((address, f"{first:,.0f}", f"{middle:,.0f}"))
    told.notes.append("in process, without the network; the whole answer is drawn")
    return [told]


if __name__ == "__main__":
    filled_log.measure(CHILD, tables, named=lambda is_sqlite: "console", told=__doc__)
