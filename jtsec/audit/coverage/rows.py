"""
The rows that a statement is about to change: found, locked, read.

Read from the table and not remembered from an earlier load: what an instance was
loaded with may have been changed by somebody else since, and the audit would then tell
a before that never was.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.db.models.sql.where import AND

from jtsec.core import touched_rows
from jtsec.core.touched_rows import (
    Together,
    further_conditions,
    is_of_one_table,
    keys_named_in,
    pieces,
)

from .columns import Column
from .registry import Watched

__all__ = [
    "Together",
    "further_conditions",
    "is_of_one_table",
    "keys_named_in",
    "matching_keys",
    "pieces",
    "read",
    "take_write_lock",
]

Found = dict[Any, tuple[Any, ...]]
"""Values of columns, by the primary key."""


def matching_keys(query: Any, watched: Watched, using: str) -> list[Any]:
    """Return the primary keys of all rows that a statement's conditions match."""
    return touched_rows.matching_keys(query, watched.key.name, using)


def take_write_lock(watched: Watched, using: str) -> None:
    """Become SQLite's one writer before reading."""
    touched_rows.take_write_lock(watched.model, using)


def read(
    watched: Watched,
    columns: Iterable[Column],
    keys: list[Any],
    using: str,
    *,
    lock: bool,
    only: Any = None,
) -> Found:
    """
    Return rows by their keys, as the table holds them now.

    Args:
        watched: the model.
        columns: what to read.
        keys: the primary keys.
        using: the alias of the database.
        lock: whether nobody else may change them until the transaction ends.
        only: further conditions of the statement; a row that ceased to meet them
            while its lock was waited for is left out, as the statement would.
    """
    names = [column.attname for column in columns]
    found: Found = {}
    for start in range(0, len(keys), touched_rows.PIECE):
        # Not the model's own manager: it may hide rows, and they are changed too.
        rows: Any = QuerySet(model=watched.model, using=using)
        rows = rows.order_by().filter(pk__in=keys[start : start + touched_rows.PIECE])
        if only is not None:
            rows.query.where.add(only.clone(), AND)
        if lock:
            rows = rows.select_for_update()
        for row in rows.values_list("pk", *names):
            found[row[0]] = tuple(row[1:])
    return found
