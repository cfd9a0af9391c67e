"""
The different values of an indexed column, without reading the rows between them.

`SELECT DISTINCT` walks the whole index, ten million entries for fifty codes. This jumps
from each value to the next one: as many look-ups as there are values.
"""

from __future__ import annotations

from typing import Final

from django.db import connections, router

from jtsec.audit.models import AuditRecord

LIMIT: Final = 2000
COLUMNS: Final = ("code", "actor_organisation")
"""Columns with an index that begins with them, and with few values."""

STATEMENT: Final = """
WITH RECURSIVE found(value) AS (
    SELECT MIN({column}) FROM {table}
    UNION ALL
    SELECT (SELECT MIN({column}) FROM {table} WHERE {column} > found.value)
    FROM found WHERE found.value IS NOT NULL
)
SELECT value FROM found WHERE value IS NOT NULL LIMIT {limit}
"""


def values_of(column: str) -> list[str] | None:
    """
    Return the different values of a column, None when they are more than `LIMIT`.

    Args:
        column: one of `COLUMNS`.

    Raises:
        ValueError: another column.
    """
    if column not in COLUMNS:
        raise ValueError(f"{column} is not indexed for this")
    connection = connections[router.db_for_read(AuditRecord)]
    quote = connection.ops.quote_name
    statement = STATEMENT.format(
        column=quote(column), table=quote(AuditRecord._meta.db_table), limit=LIMIT + 1
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found = [row[0] for row in cursor.fetchall()]
    return None if len(found) > LIMIT else found
