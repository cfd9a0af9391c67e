"""
What a page of the console takes: `python -m benchmarks.console_pages`.

    python -m benchmarks.console_pages --rows 1000000 --keep PAGE

PAGE is docs/explanation/performance.md. The events are real ones, sealed before the
first page is asked for; a million takes some minutes and two gigabytes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks import machine, page
from benchmarks.audit_searching import ROOT, database
from benchmarks.measuring import Table
from tests import databases

CHILD: Final = "benchmarks.console_pages_child"


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the events, open every page, print, and keep if asked."""
    parser = argparse.ArgumentParser(prog=CHILD, description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="events to make")
    parser.add_argument("--sqlite", action="store_true", help="not on PostgreSQL")
    parser.add_argument("--keep", type=Path, help="a page whose figures are replaced")
    chosen = parser.parse_args(arguments)
    with database(chosen.sqlite) as settings:
        before = machine.description()
        found = measure(settings, chosen.rows)
    load = f"load average after: {os.getloadavg()[0]:.2f}"
    text = page.text_of([*before, load], [table(found, chosen.rows)])
    print(text)
    if chosen.keep:
        page.keep(chosen.keep, "console", text)


def measure(settings: Mapping[str, Any], rows: int) -> list[tuple[str, float, float]]:
    """Return each page with its first and its median time."""
    environment = {
        **os.environ,
        databases.EXACT: json.dumps(dict(settings)),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", CHILD, str(rows)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: list[tuple[str, float, float]] = json.loads(done.stdout.splitlines()[-1])
    return found


def table(found: Sequence[tuple[str, float, float]], rows: int) -> Table:
    """Return the measurement as a table, the slowest page first."""
    told = Table(
        f"A page of the console with {rows:,} events in the log",
        ("page", "first, ms", "median of five, ms"),
    )
    for address, first, middle in sorted(found, key=lambda one: -one[2]):
        told.rows.append((address, f"{first:,.0f}", f"{middle:,.0f}"))
    told.notes.append("in process, without the network; the whole answer is drawn")
    return told


if __name__ == "__main__":
    main()
