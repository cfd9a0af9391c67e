"""
INSERT into registered models: what each new row holds.

Where the database decides which rows are new (`ignore_conflicts`) or which are
overwritten (`update_conflicts`), it is asked: by the answer to the statement itself
where it tells the new rows, else by reading what stands in the way before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models.constants import OnConflict

from . import relation_events, row_events, rows
from .columns import Column
from .conflicts import has_no_unique_value, standing_in_the_way
from .registry import Watched

Run = Callable[[Any], Any]
Values = list[tuple[Column, Any]]
Made = tuple[Any, Values]
"""The key of a new row, None where the database does not tell it, and what it holds."""


def execute(watched: Watched, compiler: Any, returning: Any, run: Run) -> Any:
    """
    Carry out an INSERT and record what it made (clauses A5.1, A5.2).

    Args:
        watched: the model.
        compiler: of the statement.
        returning: the fields that Django wants to know afterwards.
        run: carries out a compiler's statement as Django does.

    Returns:
        What Django gets: the returned rows.

    Raises:
        AuditUnavailable: the events were not written; nothing is added.
    """
    on_conflict = compiler.query.on_conflict
    with rows.Together(compiler.using):
        if on_conflict is None:
            answer = run(compiler)
            made = _made(watched, compiler, returning, answer)
            _write_new(watched, made, compiler.using)
            return answer
        if on_conflict is OnConflict.IGNORE and _tells_new_rows(watched, compiler):
            made = iter(_execute_telling(watched, compiler))
            _write_new(watched, made, compiler.using)
            return []
        return _execute_between_looks(watched, compiler, run)


def _made(
    watched: Watched, compiler: Any, returning: Any, answer: Any
) -> Iterator[Made]:
    """Yield key and values of each new row."""
    fields = list(returning or ())
    instances = compiler.query.objs
    told = answer if fields and answer else [()] * len(instances)
    for instance, values in zip(instances, told, strict=False):
        known = {
            field.attname: value for field, value in zip(fields, values, strict=False)
        }
        own = instance._get_pk_val(watched.model._meta)
        key = known.get(watched.key.attname, own)
        yield key, _values(watched, compiler, instance, known, key)


def _values(
    watched: Watched, compiler: Any, instance: Any, known: dict[str, Any], key: Any
) -> Values:
    """Return what a new row holds; what the database computed is read from it."""
    values: Values = []
    computed = []
    for column in watched.columns:
        if column.attname in known:
            values.append((column, known[column.attname]))
            continue
        value = getattr(instance, column.attname, None)
        if column.field.generated or hasattr(value, "resolve_expression"):
            computed.append(column)
        else:
            values.append((column, column.meant(value)))
    if computed and key is not None:
        found = rows.read(watched, computed, [key], compiler.using, lock=False)
        values += zip(computed, found.get(key, ()), strict=False)
    return values


def _execute_telling(watched: Watched, compiler: Any) -> list[Made]:
    """Let the statement tell which rows it added and which it left out."""
    quote = compiler.connection.ops.quote_name
    fields = [watched.key, *(column.field for column in watched.columns)]
    told = ", ".join(quote(field.column) for field in fields)
    answer: Any = []
    try:
        statements = compiler.as_sql()
    except EmptyResultSet:
        return []
    with compiler.connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(f"{sql} RETURNING {told}", params)
            answer += cursor.fetchall()
    table = watched.model._meta.db_table
    converters = compiler.get_converters([one.get_col(table) for one in fields])
    if converters:
        answer = compiler.apply_converters(answer, converters)
    return [
        (key, list(zip(watched.columns, values, strict=True)))
        for key, *values in answer
    ]


def _tells_new_rows(watched: Watched, compiler: Any) -> bool:
    connection = compiler.connection
    tells = connection.features.can_return_rows_from_bulk_insert
    return bool(tells and watched.key.column)


def _execute_between_looks(watched: Watched, compiler: Any, run: Run) -> Any:
    """Compare what stands in the way before and after."""
    query, using = compiler.query, compiler.using
    rows.take_write_lock(watched, using)
    own = _insert_what_is_new(watched, compiler)
    before = standing_in_the_way(watched, query, using, lock=True)
    before = {key: values for key, values in before.items() if key not in own}
    answer = run(compiler)
    after = standing_in_the_way(watched, query, using, lock=False)
    _write_new(
        watched,
        (
            (key, list(zip(watched.columns, values, strict=True)))
            for key, values in after.items()
            if key not in before
        ),
        using,
    )
    _write_new(
        watched,
        (
            (None, _values(watched, compiler, one, {}, None))
            for one in query.objs
            if has_no_unique_value(watched, query, one)
        ),
        using,
    )
    changes = (
        row_events.changed(
            watched, key, list(zip(watched.columns, values, after[key], strict=True))
        )
        for key, values in before.items()
        if key in after
    )
    row_events.write(changes, core=watched.core, using=using)
    return answer


def _insert_what_is_new(watched: Watched, compiler: Any) -> set[Any]:
    """
    Add the rows that nothing stands in the way of, and return their keys.

    Who else inserts the same just now is waited for, and stands in the way then: by a
    look alone their row would pass for one that this statement made. On SQLite there
    is nobody else; MySQL does not tell.
    """
    if compiler.connection.vendor != "postgresql":
        return set()
    if not _tells_new_rows(watched, compiler):
        return set()
    query = compiler.query.clone()
    # What can never conflict would be added by both statements.
    query.objs = [
        one for one in query.objs if not has_no_unique_value(watched, query, one)
    ]
    query.on_conflict = OnConflict.IGNORE
    query.update_fields, query.unique_fields = (), ()
    if not query.objs:
        return set()
    telling = query.get_compiler(compiler.using)
    return {key for key, _ in _execute_telling(watched, telling)}


def _write_new(watched: Watched, made: Iterable[Made], using: str) -> None:
    if watched.relation is not None:
        keyed = (values for _, values in made)
        relation_events.write(watched, keyed, is_added=True, using=using)
        return
    events = (row_events.created(watched, key, values) for key, values in made)
    row_events.write(events, core=watched.core, using=using)
