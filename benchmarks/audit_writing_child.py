"""One of several processes that write events, or seal them, for a while."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import child

PLAIN = "plain_record"
"""A table like that of the audit, with its indexes and without its triggers."""


FASTEST = 1_500
"""Rows a second that no writer of eight reaches."""


class Writer:
    """Writes the same event over and over, each time in a transaction of its own."""

    def __init__(self) -> None:
        from django.db import connection

        from jtsec.audit import table
        from jtsec.audit.api import record
        from jtsec.audit.entry import Entry
        from tests.audit.declared import PermitGranted

        self._event = PermitGranted(resource="permits.permit:7", count=3)
        self._connection = connection
        self._entry: Any = Entry
        self._record = record
        self._table: Any = table
        statement = table._statement(connection.vendor, 1)
        self._plain_statement = statement.replace("jtsec_auditrecord", PLAIN)
        self._finished: list[list[Any]] = []

    def finish(self, seconds: float) -> bool:
        """Make rows for a turn; each has its own number, time and request."""
        rows = int(seconds * FASTEST)
        self._finished = [self._values() for _one in range(rows)]
        return True

    def plain(self) -> None:
        """Insert a finished row into the plain table, as psycopg does."""
        self._insert(self._finished.pop())

    def made(self) -> None:
        """Do what a row costs before it is inserted, and insert it plainly."""
        self._insert(self._values())

    def record(self) -> None:
        """Record the event as a project does."""
        self._record(self._event)

    def _values(self) -> list[Any]:
        row = self._entry(self._event).to_row()
        return list(self._table.values_for(row, self._connection))

    def _insert(self, values: list[Any]) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(self._plain_statement, values)


def write(writer: Writer, how: str, begin: float, seconds: float) -> dict[str, float]:
    """Write from a moment on for so many seconds; returns how many and how slowly."""
    action: Callable[[], None] = getattr(writer, how)
    time.sleep(max(0.0, begin - time.time()))
    end = time.monotonic() + seconds
    slowest = 0.0
    before = time.process_time()
    for count in itertools.count():
        moment = time.monotonic()
        if moment >= end:
            return {
                "rows": count,
                "slowest": slowest,
                "processor": time.process_time() - before,
            }
        action()
        slowest = max(slowest, time.monotonic() - moment)
    raise AssertionError("counting does not end")


def make_plain() -> None:
    """Make the plain table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TABLE "{PLAIN}" (LIKE jtsec_auditrecord INCLUDING ALL)')


def make_waiting(rows: int) -> None:
    """Add rows that wait for their seal."""
    from benchmarks import audit_rows

    audit_rows.make(rows)


def seal_all() -> dict[str, float]:
    """Seal everything that waits, and tell how long it took."""
    from jtsec.audit.sealing.api import seal_now

    begin, before = time.perf_counter(), time.process_time()
    made = seal_now()
    return {
        "rows": sum(one.count for one in made),
        "seconds": time.perf_counter() - begin,
        "processor": time.process_time() - before,
    }


def waiting() -> int:
    """Return how many records wait for their seal."""
    from jtsec.audit.sealing.api import lag

    return lag().rows


def newest() -> int:
    """Return the number of the newest checkpoint."""
    from jtsec.audit.sealing.api import last_checkpoint

    found = last_checkpoint()
    return found.number if found else 0


def longest_wait(after: int) -> float:
    """Return the longest wait for a seal, in seconds, behind a checkpoint."""
    from jtsec.audit.sealing.api import checkpoints_after, members_of

    return max(
        (checkpoint.parsed().made_at - row.at).total_seconds()
        for checkpoint in checkpoints_after(after)
        for row in members_of(checkpoint, only=("at",))
    )


def forks() -> list[str]:
    """Return what a verification of everything finds."""
    from jtsec.audit.verifying.api import verify

    return [str(one) for one in verify(anchors=False).findings]


def main() -> None:
    """Prepare, or only connect, and answer."""
    import django

    if "--first" in sys.argv:
        child.prepare()
        make_plain()
    else:
        django.setup()
    writer = Writer()
    child.serve(
        {
            "ready": lambda: True,
            "write": lambda *arguments: write(writer, *arguments),
            "finish": writer.finish,
            "record": writer.record,
            "lag": waiting,
            "waiting": make_waiting,
            "seal": seal_all,
            "newest": newest,
            "longest_wait": longest_wait,
            "forks": forks,
        }
    )


if __name__ == "__main__":
    main()
