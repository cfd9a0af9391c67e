"""Sealed rows as the table holds them now: keys, seals and what is under them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.where import AND

from jtsec.core import touched_rows
from jtsec.core.exceptions import CannotVerify
from jtsec.fields.api import FieldAltered

from .declaration import SEAL, Plan
from .exceptions import RowAltered, RowUnverifiable
from .seal import Seal, verify

Found = dict[Any, dict[str, Any]]
"""Values by name, by the primary key."""


def read(
    plan: Plan, keys: list[Any], using: str, *, lock: bool, only: Any = None
) -> Found:
    """
    Return rows by their keys.

    Args:
        plan: of their table.
        keys: the primary keys.
        using: the alias of the database.
        lock: whether nobody else may change them until the transaction ends.
        only: further conditions, asked again once a row is locked.

    Raises:
        RowAltered, RowUnverifiable: an encrypted field does not open.
    """
    try:
        return _read(plan, keys, using, lock, only)
    except (FieldAltered, CannotVerify):
        # Of which row, the columns do not know.
        for key in keys:
            with naming(plan, key):
                _read(plan, [key], using, lock, only)
        raise


@contextmanager
def naming(plan: Plan, key: Any) -> Iterator[None]:
    """Name the row of which an encrypted field does not open."""
    try:
        yield
    except FieldAltered as error:
        raise RowAltered(plan.resource(key)) from error
    except CannotVerify as error:
        raise RowUnverifiable(plan.resource(key), str(error)) from error


def _read(plan: Plan, keys: list[Any], using: str, lock: bool, only: Any) -> Found:
    found: Found = {}
    names = (SEAL, *plan.fields)
    for piece in touched_rows.pieces(keys):
        # Not the model's own manager, which may hide rows.
        rows: Any = QuerySet(model=plan.model, using=using)
        rows = rows.order_by().filter(pk__in=piece)
        if only is not None:
            rows.query.where.add(only.clone(), AND)
        if lock:
            rows = rows.select_for_update()
        for key, *values in rows.values_list("pk", *names):
            found[key] = dict(zip(names, values, strict=True))
    return found


def verified(plan: Plan, found: Found) -> dict[Any, Seal]:
    """Return the seals of rows by key, or raise what `verify` does for the first."""
    return {key: verify(plan, key, values) for key, values in found.items()}


def put_seals(plan: Plan, seals: list[tuple[Any, bytes]], using: str) -> None:
    """Write seals to rows by their keys, and nothing else."""
    connection: Any = connections[using]
    quote = connection.ops.quote_name
    column: Any = plan.model._meta.get_field(SEAL)
    table, key = quote(plan.model._meta.db_table), quote(plan.key.column)
    for piece in _pieces(seals):
        named = [plan.key.get_db_prep_value(one, connection) for one, _ in piece]
        cases = " ".join(["WHEN %s THEN %s"] * len(piece))
        holes = ", ".join(["%s"] * len(piece))
        params = [
            value
            for (_, seal), one in zip(piece, named, strict=True)
            for value in (one, column.get_db_prep_value(seal, connection))
        ]
        # Names from the model; the audit has told of the change itself.
        sql = (
            f"UPDATE {table} SET {quote(column.column)} = CASE {key} {cases} END "  # noqa: S608 - see above
            f"WHERE {key} IN ({holes})"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, *named])


def _pieces(seals: list[tuple[Any, bytes]]) -> Iterator[list[tuple[Any, bytes]]]:
    size = touched_rows.PIECE // 2
    for start in range(0, len(seals), size):
        yield seals[start : start + size]
