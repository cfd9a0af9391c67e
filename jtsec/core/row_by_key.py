"""
One row by its key, with what is joined to it: SQL that is written once a connection.

Every request looks up its session and its user, the latter with identity and account.
Django writes the SQL of such a query anew each time, which for four joined tables takes
longer than the database does. Here the same queryset's own compiler writes it once, and
is asked again only for the converters, which may hold keys.

Whatever is out of the ordinary (a manager that filters, a key of another kind) goes
through the ORM as ever; so the result is always that of
`manager.select_related(*related).filter(**{field: key}).first()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import QuerySet, get_related_populators

M = TypeVar("M", bound=models.Model)

_KEPT: Final = "_jtsec_rows_by_key"
_LARGEST: Final = 2**31


def row_by_key(
    manager: models.Manager[M], field: str, key: Any, related: Sequence[str] = ()
) -> M | None:
    """
    Return the row with a key, or None.

    Args:
        manager: the model's manager.
        field: "pk", or a unique field, also across a relation (`identity__uid`).
        key: its value.
        related: what to join, as for `select_related`.
    """
    rows: QuerySet[M] = manager.all()
    if not (_is_plain(rows) and _is_ordinary(key)):
        return _by_orm(rows, field, key, related).first()
    connection = connections[rows.db]
    # On the connection, since a compiler belongs to one; both end together.
    kept: dict[Any, _Lookup | None] = connection.__dict__.setdefault(_KEPT, {})
    name = (rows.model, field, tuple(related))
    if name not in kept:
        kept[name] = _compile(_by_orm(rows, field, key, related), field, connection)
    lookup = kept[name]
    if lookup is None:
        return _by_orm(rows, field, key, related).first()
    found: M | None = lookup.find(key)
    return found


class _Lookup:
    """The SQL for one key, and what makes instances of its row."""

    def __init__(
        self, rows: QuerySet[Any], sql: str, compiler: Any, column: Any
    ) -> None:
        connection: BaseDatabaseWrapper = compiler.connection
        select, klass_info = compiler.select, compiler.klass_info
        own = klass_info["select_fields"]
        # From Django 6.1 on, rows know how what they lack is fetched.
        mode = getattr(rows, "_fetch_mode", None)
        populators: Any = get_related_populators
        self._connection = connection
        self._sql = sql
        self._column = column
        self._model = rows.model
        self._start, self._end = own[0], own[-1] + 1
        self._names = [one[0].target.attname for one in select[own[0] : own[-1] + 1]]
        self._options = {} if mode is None else {"fetch_mode": mode}
        self._related = populators(
            klass_info, select, connection.alias, **self._options
        )
        expressions = [one[0] for one in select]
        converted = compiler.get_converters(expressions)
        self._converted = [(index, expressions[index]) for index in converted]

    def find(self, key: Any) -> Any:
        connection = self._connection
        prepared = self._column.get_prep_value(key)
        value = self._column.get_db_prep_value(prepared, connection, prepared=True)
        with connection.cursor() as cursor:
            cursor.execute(self._sql, (value,))
            stored = cursor.fetchone()
        if stored is None:
            return None
        row = self._convert(list(stored))
        values = row[self._start : self._end]
        found = self._model.from_db(
            connection.alias, self._names, values, **self._options
        )
        for populator in self._related:
            populator.populate(row, found)
        return found

    def _convert(self, row: list[Any]) -> list[Any]:
        connection = self._connection
        for index, expression in self._converted:
            # Asked each time: a key that was withdrawn must not live on in here.
            for convert in (
                *connection.ops.get_db_converters(expression),
                *expression.get_db_converters(connection),
            ):
                row[index] = convert(row[index], expression, connection)
        return row


def _by_orm(
    rows: QuerySet[M], field: str, key: Any, related: Sequence[str]
) -> QuerySet[M]:
    joined = rows.select_related(*related) if related else rows
    return joined.filter(**{field: key})


def _is_plain(rows: QuerySet[Any]) -> bool:
    """Answer whether a manager adds nothing to the query that could change."""
    query = rows.query
    return not (
        query.where
        or query.annotations
        or query.extra
        or query.combinator
        or query.distinct
        or query.is_sliced
        or query.select_related
        or query.deferred_loading[0]
        or rows._prefetch_related_lookups  # type: ignore[attr-defined]  # not stubbed
    )


def _is_ordinary(key: Any) -> bool:
    """
    Answer whether the ORM would do nothing with this key but compare it.

    A number no column holds, it does not even send; digits may be one to their field.
    """
    kind = type(key)
    if kind is int:
        return bool(0 <= key < _LARGEST)
    return kind is UUID or (kind is str and not key.isdecimal())


def _compile(
    rows: QuerySet[Any], field: str, connection: BaseDatabaseWrapper
) -> _Lookup | None:
    """Return the query, None where more than the key goes into it."""
    compiler: Any = rows.query.get_compiler(using=connection.alias)
    sql, params = compiler.as_sql()
    if len(params) != 1:
        return None
    condition: Any = rows.query.where.children[0]
    return _Lookup(rows, sql, compiler, condition.lhs.output_field)
