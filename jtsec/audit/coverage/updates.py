"""
UPDATE of registered models: what each row held before, and what it holds now.

From version 18 PostgreSQL tells both in the answer to the statement itself. Elsewhere
the rows are locked and read first. A statement whose conditions do not name its rows
is carried out in pieces, so that a change of a hundred thousand rows does not have to
be held at once; what each piece sets depends on the row alone, and the rows are those
that matched at the beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db.models.expressions import RawSQL
from django.db.models.sql import Query, UpdateQuery
from django.db.models.sql.where import AND

from . import row_events, rows
from .columns import Column
from .registry import Watched

Assigned = list[tuple[Column, Any, bool]]
"""The recorded columns that a statement sets: value, and whether it is computed."""

Run = Callable[[Any], Any]
"""Carries out what a compiler holds."""

TELLS_OLD_VALUES: Final = 180000
"""The version of PostgreSQL whose RETURNING tells what was there before."""


def execute(watched: Watched, compiler: Any, run: Run) -> Any:
    """
    Carry out an UPDATE and record what it changed (clauses A5.1, A5.2).

    Args:
        watched: the model.
        compiler: of the statement.
        run: carries out a compiler's statement as Django does.

    Returns:
        The number of rows, as Django counts them.

    Raises:
        AuditUnavailable: the events were not written; nothing is changed.
    """
    assigned = _assigned(watched, compiler.query)
    if not assigned:
        return run(compiler)
    keys = rows.keys_named_in(compiler.query)
    with rows.Together(compiler.using):
        rows.take_write_lock(watched, compiler.using)
        if keys is not None or not _may_be_divided(compiler.query):
            return _execute_whole(watched, compiler, run, assigned, keys)
        return _execute_in_pieces(watched, compiler, run, assigned)


def execute_returning(watched: Watched, compiler: Any, returning: Any, run: Run) -> Any:
    """
    Carry out an UPDATE whose computed values Django wants back, and record it.

    That is the save of one row, from Django 6.0 on.

    Args:
        watched: the model.
        compiler: of the statement.
        returning: the fields whose values are wanted.
        run: carries out a compiler's statement as Django does.

    Returns:
        The values wanted, row by row.

    Raises:
        AuditUnavailable: the events were not written; nothing is changed.
    """
    assigned = _assigned(watched, compiler.query)
    if not assigned:
        return run(compiler)
    with rows.Together(compiler.using):
        rows.take_write_lock(watched, compiler.using)
        if _tells_old_values(compiler):
            compiler.returning_fields = returning
            return _tell(watched, compiler, assigned, returning)
        keys = rows.keys_named_in(compiler.query)
        return _execute_read_first(watched, compiler, run, assigned, keys)


def _assigned(watched: Watched, query: Any) -> Assigned:
    given = {field.attname: value for field, _, value in query.values}
    columns = watched.columns
    # A row under another key is another row to whoever reads the log.
    if watched.key.attname in given:
        columns = (watched.key_column, *columns)
    return [
        (column, value, hasattr(value, "resolve_expression"))
        for column in columns
        if (value := given.get(column.attname, given)) is not given
    ]


def _execute_whole(
    watched: Watched,
    compiler: Any,
    run: Run,
    assigned: Assigned,
    keys: list[Any] | None,
) -> Any:
    if _tells_old_values(compiler):
        return _execute_telling(watched, compiler, assigned)
    return _execute_read_first(watched, compiler, run, assigned, keys)


def _execute_read_first(
    watched: Watched,
    compiler: Any,
    run: Run,
    assigned: Assigned,
    keys: list[Any] | None,
) -> Any:
    query = compiler.query
    only = rows.further_conditions(query)
    if keys is None or (only is not None and not rows.is_of_one_table(query)):
        keys, only = rows.matching_keys(query, watched, compiler.using), None
    return _execute_after_reading(watched, compiler, run, assigned, keys, only)


def _execute_in_pieces(
    watched: Watched, compiler: Any, run: Run, assigned: Assigned
) -> int:
    query, using = compiler.query, compiler.using
    keys = rows.matching_keys(query, watched, using)
    only = query.where if rows.is_of_one_table(query) else None
    count = 0
    for piece in rows.pieces(keys):
        part = _part(query, piece, only).get_compiler(using)
        if _tells_old_values(part):
            count += _execute_telling(watched, part, assigned)
        else:
            count += _execute_after_reading(watched, part, run, assigned, piece, only)
    return count


def _execute_telling(watched: Watched, compiler: Any, assigned: Assigned) -> int:
    """Let the statement itself tell the values; return how many rows it changed."""
    return len(_tell(watched, compiler, assigned, ()))


def _tell(
    watched: Watched, compiler: Any, assigned: Assigned, returning: Any
) -> list[list[Any]]:
    """Carry out a statement, record what it tells, and return what was asked for."""
    question = _question(watched, compiler, assigned, returning)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return []
    with compiler.connection.cursor() as cursor:
        cursor.execute(sql + question.clause, params)
        answer: Any = cursor.fetchall()
    if question.converters:
        answer = list(compiler.apply_converters(answer, question.converters))
    width = len(returning)
    events = _events(watched, assigned, (row[width:] for row in answer))
    row_events.write(events, core=watched.core, using=compiler.using)
    return [list(row[:width]) for row in answer]


@dataclass(frozen=True, slots=True)
class Question:
    """
    What a statement is asked to tell.

    Args:
        clause: what is added to it.
        converters: what turns its answer into values of Python.
    """

    clause: str
    converters: Any


def _question(
    watched: Watched, compiler: Any, assigned: Assigned, returning: Any
) -> Question:
    """Return what to ask; worked out once for statements that set the same columns."""
    key = (
        compiler.using,
        tuple([(column.attname, is_computed) for column, _, is_computed in assigned]),
        tuple([field.attname for field in returning]),
    )
    known: Question | None = watched.questions.get(key)
    if known is not None:
        return known
    quote = compiler.connection.ops.quote_name
    computed = [column for column, _, is_computed in assigned if is_computed]
    told = [f"old.{quote(watched.key.column)}"]
    told += [f"old.{quote(column.field.column)}" for column, _, _ in assigned]
    told += [f"new.{quote(column.field.column)}" for column in computed]
    fields = [*returning, watched.key, *(column.field for column, _, _ in assigned)]
    fields += [column.field for column in computed]
    table = watched.model._meta.db_table
    # Where Django asks for values itself, ours stand behind them.
    made = watched.questions[key] = Question(
        (", " if returning else " RETURNING ") + ", ".join(told),
        compiler.get_converters([one.get_col(table) for one in fields]),
    )
    return made


def _execute_after_reading(
    watched: Watched,
    compiler: Any,
    run: Run,
    assigned: Assigned,
    keys: list[Any],
    only: Any = None,
) -> Any:
    """Lock and read the rows, change them, and read what the database computed."""
    using = compiler.using
    columns = [column for column, _, _ in assigned]
    computed = [column for column, _, is_computed in assigned if is_computed]
    before = rows.read(watched, columns, keys, using, lock=True, only=only)
    count = run(compiler)
    found = list(before)
    after = rows.read(watched, computed, found, using, lock=False) if computed else {}
    # A row that moved to a computed key is not found again; what was asked for is told.
    nothing = tuple(str(value) for _, value, is_computed in assigned if is_computed)
    answer = ((key, *before[key], *after.get(key, nothing)) for key in found)
    events = _events(watched, assigned, answer)
    row_events.write(events, core=watched.core, using=using)
    return count


def _events(
    watched: Watched, assigned: Assigned, answer: Iterable[Any]
) -> Iterator[Any]:
    """Yield the event of each row: key, values before, values that were computed."""
    columns = [column for column, _, _ in assigned]
    # Where a value is computed, the place in the answer; else the value that is given.
    given: list[Any] = []
    places: dict[int, int] = {}
    for number, (column, value, is_computed) in enumerate(assigned):
        if is_computed:
            places[number] = 1 + len(assigned) + len(places)
            given.append(None)
        else:
            given.append(column.meant(value))
    for row in answer:
        after = given
        if places:
            after = list(given)
            for number, place in places.items():
                after[number] = row[place]
        yield row_events.changed(watched, row[0], zip(columns, row[1:], after))  # noqa: B905 - the answer holds computed values behind


def _part(query: Any, keys: list[Any], only: Any) -> UpdateQuery:
    """Return the same statement for some of its rows."""
    part: Any = UpdateQuery(query.model)
    part.get_initial_alias()
    part.values = list(query.values)
    part.related_updates = dict(query.related_updates)
    part.add_filter("pk__in", keys)
    if only is not None:
        part.where.add(only.clone(), AND)
    return part  # type: ignore[no-any-return]  # made above


def _may_be_divided(query: Any) -> bool:
    """
    Answer whether a statement means the same in pieces.

    Not where rows are set from a query, which might see what the pieces before have
    changed, and not where an order was asked for.
    """
    if query.order_by:
        return False
    return not any(_asks(value) for _, _, value in query.values)


def _asks(expression: Any) -> bool:
    """Answer whether an expression looks at more than its own row."""
    if isinstance(expression, Query | RawSQL):
        return True
    inner = getattr(expression, "get_source_expressions", None)
    return inner is not None and any(_asks(one) for one in inner())


def _tells_old_values(compiler: Any) -> bool:
    connection = compiler.connection
    if connection.vendor != "postgresql" or compiler.query.related_updates:
        return False
    if not compiler.query.model._meta.pk.column:
        return False
    version: int = connection.pg_version
    return version >= TELLS_OLD_VALUES
