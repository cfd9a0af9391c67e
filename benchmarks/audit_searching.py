"""
What a question to the audit takes: `python -m benchmarks.audit_searching`.

    python -m benchmarks.audit_searching --rows 10000000 --keep PAGE
    python -m benchmarks.audit_searching --rows 1000000 --sqlite --keep PAGE

PAGE is docs/explanation/audit-query.md. Ten million rows take about twenty gigabytes
while they are made, and half an hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from benchmarks import filled_log
from benchmarks.measuring import Table

CHILD: Final = "benchmarks.audit_searching_child"


def tables(found: Mapping[str, Any], rows: int) -> list[Table]:
    """Return the tables of a measurement."""
    pages = Table(
        f"A page of 50 among {rows:,} events, over the whole time",
        ("asked for", "first, ms", "median of five, ms", "rows", "looked at"),
    )
    for name, first, middle, count, is_done in found["pages"]:
        looked = "everything" if is_done else "a part, and says so"
        pages.rows.append((name, f"{first:,.0f}", f"{middle:,.0f}", str(count), looked))
    counted = Table(
        f"A month's statistics ({rows // 12:,} events)",
        ("counted", "first, ms", "median of three, ms", "lines"),
    )
    for name, first, middle, count in found["statistics"]:
        counted.rows.append((name, f"{first:,.0f}", f"{middle:,.0f}", f"{count:,}"))
    if found["is_cold"]:
        counted.notes.append("first: nothing of the log lay in the system's memory")
    if found["sizes"]:
        sizes = found["sizes"]
        pages.notes.append(
            f"table {sizes['table']:.1f} GB, its {sizes['number']} indexes "
            f"{sizes['indexes']:.1f} GB"
        )
    return [pages, counted, *(_plan(name, lines) for name, lines in found["plans"])]


def _plan(name: str, lines: str) -> Table:
    table = Table(f"Plan: {name}", ("step",))
    table.rows += [(f"`{line}`",) for line in lines.splitlines()]
    return table


def place(is_sqlite: bool) -> str:
    """Return where the page keeps the figures."""
    return f"searching-{'sqlite' if is_sqlite else 'postgresql'}"


if __name__ == "__main__":
    filled_log.measure(CHILD, tables, named=place, told=__doc__)
