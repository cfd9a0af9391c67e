"""
The usual login, in one statement: a place is free, and the user is in nowhere else.

Everybody else waits at the gate meanwhile, so counting and taking are one INSERT that
adds the row only where both hold. Where it adds none, `admission` looks why.

The statement must come after the gate's own. PostgreSQL gives a statement that had to
wait for a lock the state from before it waited, in which places that were taken
meanwhile still look free.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from django.db import connections, router

from .conf import session_settings
from .models import Session

ABLE: Final = frozenset({"postgresql", "sqlite"})
"""MySQL locks what such a statement reads, also against sessions in mere use."""

# The administrators' reserve that is still free counts as taken; theirs is no reserve.
_TAKE: Final = """
INSERT INTO {table} ({columns})
SELECT {values}
WHERE NOT EXISTS (
    SELECT 1 FROM {table} WHERE user_id = %s AND ended_at IS NULL
) AND (
    SELECT COUNT(*) + CASE WHEN COUNT(CASE WHEN is_administrator THEN 1 END) < %s
        THEN %s - COUNT(CASE WHEN is_administrator THEN 1 END) ELSE 0 END
    FROM {table}
    WHERE user_id IS NOT NULL AND ended_at IS NULL
        AND expire_date > %s AND last_seen_at > %s
) < %s
"""


def take(row: Session) -> bool:
    """
    Write a new session if a place is free and its user has no other open one.

    Sends no signals of the model, as the changes of a session do not.

    Args:
        row: the session as it will be, its `last_seen_at` being now.

    Returns:
        Whether it was written. False says nothing about why: a session of the user
        may be overdue, and on MySQL nobody asked.

    Raises:
        django.db.IntegrityError: the key is taken.
    """
    connection = connections[router.db_for_write(Session, instance=row)]
    if connection.vendor not in ABLE:
        return False
    chosen = session_settings()
    prepared = {
        field.attname: field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in Session._meta.concrete_fields
    }
    idle_since = row.last_seen_at - chosen.idle
    reserve = 0 if row.is_administrator else chosen.admin_reserve
    conditions = (
        prepared["user_id"],
        reserve,
        reserve,
        prepared["last_seen_at"],
        connection.ops.adapt_datetimefield_value(idle_since),
        chosen.total,
    )
    with connection.cursor() as cursor:
        cursor.execute(_statement(), (*prepared.values(), *conditions))
        is_written: bool = cursor.rowcount == 1
    if is_written:
        row._state.adding, row._state.db = False, connection.alias
    return is_written


@lru_cache(maxsize=1)
def _statement() -> str:
    """Return the statement; both databases quote names alike."""
    columns = [f'"{one.column}"' for one in Session._meta.concrete_fields]
    return _TAKE.format(
        table=f'"{Session._meta.db_table}"',
        columns=", ".join(columns),
        values=", ".join(["%s"] * len(columns)),
    )
