"""
Which transactions could still add a record under a number that was passed over.

PostgreSQL: whoever inserts holds a lock on the table from before the number is drawn
until the transaction has ended, and `pg_locks` shows it. (Transaction ids would not do:
a transaction draws its number before it gets one.) A gap that was seen in a snapshot is
settled in a later snapshot, when none of those that held the lock after the first one
holds it before the second.

SQLite has one writer, so that numbers commit in their order and no gap ever fills.
MySQL tells such things only to administrators; there a gap is settled by its age.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import connections

from jtsec.audit.triggers import TABLE

from .conf import sealing_settings
from .gaps import Gap

PREPARED: Final = "-1/"
"""How PostgreSQL names transactions prepared for a two-phase commit."""

_WRITERS: Final = f"""
    SELECT DISTINCT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = to_regclass('"{TABLE}"')
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND mode = 'RowExclusiveLock' AND pid IS DISTINCT FROM pg_backend_pid()
"""  # noqa: S608 - a constant


def writers(using: str) -> tuple[str, ...] | None:
    """
    Return the transactions that may have drawn a number, None where unknown.

    What is returned is of this very moment, not of the transaction's snapshot.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return () if connection.vendor == "sqlite" else None
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS)
        return tuple(sorted(row[0] for row in cursor.fetchall()))


def is_settled(gap: Gap, before: tuple[str, ...] | None, at: datetime) -> bool:
    """
    Answer whether nobody can fill a gap any more.

    Args:
        gap: a gap that an earlier pass saw.
        before: what `writers` returned before this pass took its snapshot.
        at: the present moment, aware.
    """
    if before is None:
        age = at - datetime.fromisoformat(gap.since)
        return age > timedelta(hours=sealing_settings().gap_hours)
    if gap.running is None:
        return False
    # Preparing a transaction changes its name, so that one of those could be any.
    if gap.running and any(one.startswith(PREPARED) for one in before):
        return False
    return not set(gap.running) & set(before)
