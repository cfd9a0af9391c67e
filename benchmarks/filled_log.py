"""
Measurements on a log of so many events, each in an empty database of its own.

    python -m benchmarks.audit_searching --rows 10000000 --keep PAGE

A child process fills the database, asks, and prints what it found as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import machine, page, servers
from benchmarks.children import ROOT
from benchmarks.measuring import Table
from tests import databases
from tests.services.sharing import stop


def measure(
    child: str,
    tables: Callable[[Any, int], list[Table]],
    *,
    named: Callable[[bool], str],
    told: str | None,
    arguments: Sequence[str] | None = None,
) -> None:
    """
    Let a child fill and ask, print the tables, and keep them if asked.

    Args:
        child: the module that runs in the child.
        tables: makes them of what the child found and the number of events.
        named: returns the place on the page, on SQLite or not.
        told: what the help says.
        arguments: of the command line.
    """
    parser = argparse.ArgumentParser(prog=child, description=told)
    parser.add_argument("--rows", type=int, default=1_000_000, help="events to make")
    parser.add_argument("--sqlite", action="store_true", help="not on PostgreSQL")
    parser.add_argument("--keep", type=Path, help="a page whose figures are replaced")
    chosen = parser.parse_args(arguments)
    with _database(chosen.sqlite) as settings:
        before = machine.description()
        found = _found(child, settings, chosen.rows)
    load = f"load average after: {os.getloadavg()[0]:.2f}"
    text = page.text_of([*before, load], tables(found, chosen.rows))
    print(text)
    if chosen.keep:
        page.keep(chosen.keep, named(chosen.sqlite), text)


def settle(connection: Any) -> None:
    """Let the database gather its statistics, as it does by itself over night."""
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if is_postgres else "ANALYZE")


@contextmanager
def _database(is_sqlite: bool) -> Iterator[Mapping[str, Any]]:
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


def _found(child: str, settings: Mapping[str, Any], rows: int) -> Any:
    environment = {
        **os.environ,
        databases.EXACT: json.dumps(dict(settings)),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", child, str(rows)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])
