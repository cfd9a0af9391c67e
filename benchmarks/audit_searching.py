"""
What a question to the audit takes: `python -m benchmarks.audit_searching`.

    python -m benchmarks.audit_searching --rows 10000000 --keep PAGE
    python -m benchmarks.audit_searching --rows 1000000 --sqlite --keep PAGE

PAGE is docs/explanation/audit-query.md. Ten million rows take about twenty gigabytes
while they are made, and half an hour.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks import machine, page, servers
from benchmarks.measuring import Table
from tests import databases
from tests.services.sharing import stop

ROOT: Final = Path(__file__).resolve().parents[1]
CHILD: Final = "benchmarks.audit_searching_child"


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the rows, ask, print, and keep if asked."""
    parser = argparse.ArgumentParser(prog=CHILD, description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="events to make")
    parser.add_argument("--sqlite", action="store_true", help="not on PostgreSQL")
    parser.add_argument("--keep", type=Path, help="a page whose figures are replaced")
    chosen = parser.parse_args(arguments)
    with database(chosen.sqlite) as settings:
        before = machine.description()
        found = measure(settings, chosen.rows)
    load = f"load average after: {os.getloadavg()[0]:.2f}"
    text = page.text_of([*before, load], tables(found, chosen.rows))
    print(text)
    if chosen.keep:
        page.keep(
            chosen.keep,
            f"searching-{'sqlite' if chosen.sqlite else 'postgresql'}",
            text,
        )


@contextmanager
def database(is_sqlite: bool) -> Iterator[Mapping[str, Any]]:
    """Give the settings of an empty database, and remove it at the end."""
    if is_sqlite:
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder, "audit.sqlite3"))
            yield {"ENGINE": databases.ENGINES["sqlite"], "NAME": path}
        return
    service = servers.start()
    try:
        yield servers.new_database(service)
    finally:
        stop(service.pid, service.stop_signal)


def measure(settings: Mapping[str, Any], rows: int, *more: str) -> dict[str, Any]:
    """Return what the child found."""
    environment = {
        **os.environ,
        databases.EXACT: json.dumps(dict(settings)),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", CHILD, str(rows), *more],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


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
    if found["sizes"]:
        sizes = found["sizes"]
        pages.notes.append(
            f"table {sizes['table']:.1f} GB, its {sizes['number']} indexes "
            f"{sizes['indexes']:.1f} GB"
        )
    return [pages, counted]


if __name__ == "__main__":
    main()
