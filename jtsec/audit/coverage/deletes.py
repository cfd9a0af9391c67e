"""
DELETE from registered models: what each row held.

All ways lead through here: a row, a queryset, the fast deletions that load nothing,
cascades, and the tables of many-to-many relations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models.sql import DeleteQuery
from django.db.models.sql.where import AND

from . import relation_events, row_events, rows
from .registry import Watched

Run = Callable[[Any], Any]


def execute(watched: Watched, compiler: Any, run: Run) -> int:
    """
    Carry out a DELETE and record what it removed (clauses A5.1, A5.2).

    Args:
        watched: the model.
        compiler: of the statement.
        run: carries out a compiler's statement as Django does.

    Returns:
        The number of rows that are gone.

    Raises:
        AuditUnavailable: the events were not written; nothing is deleted.
    """
    query, using = compiler.query, compiler.using
    with rows.Together(using):
        rows.take_write_lock(watched, using)
        if rows.keys_named_in(query) is not None and _tells_rows(watched, compiler):
            return _execute_telling(watched, compiler)
        keys = rows.keys_named_in(query)
        only = rows.further_conditions(query)
        if keys is None or (only is not None and not rows.is_of_one_table(query)):
            keys, only = rows.matching_keys(query, watched, using), None
        return sum(
            _execute_piece(watched, query, piece, only, using, run)
            for piece in rows.pieces(keys)
        )


def _execute_piece(
    watched: Watched, query: Any, keys: list[Any], only: Any, using: str, run: Run
) -> int:
    part: Any = DeleteQuery(query.model)
    part.get_initial_alias()
    if not _tells_rows(watched, part.get_compiler(using)):
        found = rows.read(watched, watched.columns, keys, using, lock=True, only=only)
        part.add_filter("pk__in", list(found))
        count = run(part.get_compiler(using)) if found else 0
        _write(watched, ((key, *values) for key, values in found.items()), using)
        return int(count or 0)
    part.add_filter("pk__in", keys)
    if only is not None:
        part.where.add(only.clone(), AND)
    return _execute_telling(watched, part.get_compiler(using))


def _execute_telling(watched: Watched, compiler: Any) -> int:
    """Let the statement itself tell what it removed."""
    quote = compiler.connection.ops.quote_name
    fields = [watched.key, *(column.field for column in watched.columns)]
    told = ", ".join(quote(field.column) for field in fields)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return 0
    with compiler.connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {told}", params)
        answer: Any = cursor.fetchall()
    count = len(answer)
    table = watched.model._meta.db_table
    converters = compiler.get_converters([one.get_col(table) for one in fields])
    if converters:
        answer = compiler.apply_converters(answer, converters)
    _write(watched, answer, compiler.using)
    return count


def _write(watched: Watched, answer: Iterable[Iterable[Any]], using: str) -> None:
    """Write the events of rows: key, then the values of the columns."""
    held = (
        (key, list(zip(watched.columns, values, strict=True)))
        for key, *values in answer
    )
    if watched.relation is not None:
        links = (values for _, values in held)
        relation_events.write(watched, links, is_added=False, using=using)
        return
    events = (row_events.deleted(watched, key, values) for key, values in held)
    row_events.write(events, core=watched.core, using=using)


def _tells_rows(watched: Watched, compiler: Any) -> bool:
    connection = compiler.connection
    if not watched.key.column:
        return False
    # What RETURNING can follow an INSERT can follow a DELETE, on all of these.
    tells = connection.features.can_return_rows_from_bulk_insert
    return bool(tells and connection.vendor in ("postgresql", "sqlite"))
