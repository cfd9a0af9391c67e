"""
The rows that a statement is about to change: found, locked, read.

Read from the table and not remembered from an earlier load: what an instance was
loaded with may have been changed by somebody else since, and the audit would then tell
a before that never was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.models import QuerySet
from django.db.models.lookups import Exact, In
from django.db.models.sql import Query
from django.db.models.sql.constants import MULTI
from django.db.models.sql.where import AND

from .columns import Column
from .registry import Watched

PIECE: Final = 500
"""Rows of one statement; SQLite before 3.32 takes 999 parameters."""

Found = dict[Any, tuple[Any, ...]]
"""Values of columns, by the primary key."""


def keys_named_in(query: Any) -> list[Any] | None:
    """
    Return the primary keys that a statement names one by one, None if it does not.

    Other conditions may stand beside them; the rows are among those named.
    """
    where = query.where
    if where.negated or where.connector != AND:
        return None
    for lookup in where.children:
        if (keys := _keys_named_by(lookup, query)) is not None:
            return keys
    return None


def _keys_named_by(lookup: Any, query: Any) -> list[Any] | None:
    target = getattr(getattr(lookup, "lhs", None), "target", None)
    if target is None or not getattr(target, "primary_key", False):
        return None
    if target.model._meta.concrete_model is not query.model._meta.concrete_model:
        return None
    value = lookup.rhs
    if isinstance(lookup, In) and isinstance(value, list | tuple | set | frozenset):
        return list(value)
    is_one = isinstance(lookup, Exact) and not hasattr(value, "resolve_expression")
    return [value] if is_one else None


def further_conditions(query: Any) -> Any:
    """Return a statement's conditions where they say more than keys, else None."""
    has_more = len(query.where.children) > 1 or keys_named_in(query) is None
    return query.where if has_more else None


def matching_keys(query: Any, watched: Watched, using: str) -> list[Any]:
    """Return the primary keys of all rows that a statement's conditions match."""
    asking = query.chain(klass=Query)
    asking.select_related = False
    asking.clear_ordering(force=True)
    asking.clear_select_clause()
    asking.get_initial_alias()
    asking.add_fields([watched.key.name])
    try:
        compiler = asking.get_compiler(using)
        return [row[0] for row in compiler.results_iter(compiler.execute_sql(MULTI))]
    except EmptyResultSet:
        return []


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
    for start in range(0, len(keys), PIECE):
        # Not the model's own manager: it may hide rows, and they are changed too.
        rows: Any = QuerySet(model=watched.model, using=using)
        rows = rows.order_by().filter(pk__in=keys[start : start + PIECE])
        if only is not None:
            rows.query.where.add(only.clone(), AND)
        if lock:
            rows = rows.select_for_update()
        for row in rows.values_list("pk", *names):
            found[row[0]] = tuple(row[1:])
    return found


class Together:
    """
    Ties a change to its events: both stay or neither.

    Inside a transaction it marks it for rollback when something fails, as Django does
    around a save; outside of one it opens one.

    Args:
        using: the alias of the database.
    """

    __slots__ = ("_block", "_connection")

    def __init__(self, using: str) -> None:
        self._connection = connections[using]
        self._block: Any = None

    def __enter__(self) -> None:
        if not self._connection.in_atomic_block:
            self._block = transaction.atomic(self._connection.alias, savepoint=False)
            self._block.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._block is not None:
            self._block.__exit__(kind, error, trace)
        elif kind is not None:
            self._connection.needs_rollback = True


def take_write_lock(watched: Watched, using: str) -> None:
    """
    Become SQLite's one writer before reading.

    A transaction that has read and then wants to write fails at once when somebody
    else has written in between, instead of waiting its turn.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    quote = connection.ops.quote_name
    fields = watched.model._meta.local_concrete_fields
    table = quote(watched.model._meta.db_table)
    # A key of several columns has none of its own.
    column = quote(next(one.column for one in fields if one.column))
    with connection.cursor() as cursor:
        # Names from the model; nothing is changed.
        cursor.execute(f"UPDATE {table} SET {column} = {column} WHERE 0")  # noqa: S608 - see above


def is_of_one_table(query: Any) -> bool:
    """Answer whether the conditions look at the changed table alone."""
    query.get_initial_alias()
    tables = sum(query.alias_refcount[alias] > 0 for alias in query.alias_map)
    is_plain = not query.distinct and query.group_by is None and not query.combinator
    return tables == 1 and is_plain


def pieces(keys: list[Any]) -> Iterator[list[Any]]:
    """Yield keys in pieces of one statement each."""
    for start in range(0, len(keys), PIECE):
        yield keys[start : start + PIECE]
