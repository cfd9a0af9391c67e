"""One of several processes that write events, or seal them, for a while."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from benchmarks import child

PLAIN = "plain_record"
"""A table like that of the audit, with its indexes and without its triggers."""


class Writer:
    """Writes the same event over and over, each time in a transaction of its own."""

    def __init__(self) -> None:
        from django.db import connection

        from jtsec.audit import table
        from jtsec.audit.entry import Entry
        from tests.audit.declared import PermitGranted

        self.event = PermitGranted(resource="permits.permit:7", count=3)
        self.row = Entry(self.event).to_row()
        self.connection = connection
        self.insert = table.insert
        parameters = list(table._values(self.row, connection))
        statement = table._statement(connection.vendor, 1)
        self.plain_statement = statement.replace("jtsec_auditrecord", PLAIN)
        names = [field.attname for field in table.FIELDS]
        self.place = names.index("event_id")
        self.parameters = parameters

    def plain(self) -> None:
        """Insert the finished row into the plain table, as psycopg does."""
        self.parameters[self.place] = uuid4()
        with self.connection.cursor() as cursor:
            cursor.execute(self.plain_statement, self.parameters)

    def record(self) -> None:
        """Record the event as a project does: row made, encrypted, authenticated."""
        from jtsec.audit.api import record

        record(self.event)

    def made(self) -> None:
        """Do what a row costs before it is inserted, and insert it plainly."""
        from jtsec.audit.entry import Entry

        row = Entry(self.event).to_row()
        values = list(self._values(row))
        with self.connection.cursor() as cursor:
            cursor.execute(self.plain_statement, values)

    def _values(self, row: Any) -> Any:
        from jtsec.audit import table

        return table._values(row, self.connection)


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
            "waiting": make_waiting,
            "seal": seal_all,
            "newest": newest,
            "longest_wait": longest_wait,
            "forks": forks,
        }
    )


if __name__ == "__main__":
    main()
