"""
The rows that a statement of the ORM is about to change, and what ties work together.

For controls that stand where Django's compilers execute: the audit tells what rows
held, the protection looks at their seals before they are changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connections, models, transaction
from django.db.models.lookups import Exact, In
from django.db.models.sql import Query
from django.db.models.sql.constants import MULTI
from django.db.models.sql.where import AND

PIECE: Final = 500
"""Rows of one statement; SQLite before 3.32 takes 999 parameters."""


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


def matching_keys(query: Any, key: str, using: str) -> list[Any]:
    """Return the primary keys, of a name, of all rows that a statement matches."""
    asking = query.chain(klass=Query)
    asking.select_related = False
    asking.clear_ordering(force=True)
    asking.clear_select_clause()
    asking.get_initial_alias()
    asking.add_fields([key])
    try:
        compiler = asking.get_compiler(using)
        return [row[0] for row in compiler.results_iter(compiler.execute_sql(MULTI))]
    except EmptyResultSet:
        return []


class Together:
    """
    Ties what belongs together: all of it stays or nothing.

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


def take_write_lock(model: type[models.Model], using: str) -> None:
    """
    Become SQLite's one writer before reading.

    A transaction that has read and then wants to write fails at once when somebody
    else has written in between, instead of waiting its turn.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    quote = connection.ops.quote_name
    fields = model._meta.local_concrete_fields
    table = quote(model._meta.db_table)
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
