"""
The INSERT of the audit, made once a number of rows.

Every guarded action pays for it, and the ORM's way through a model, a query, a
compiler and a transaction costs several times what the event itself does. Values are
sent as parameters; those whose form differs between databases are prepared by the
model's fields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from jtsec.core import psycopg_rows

from .models import AuditRecord

FEW = 8
"""Rows that one statement takes as fast as a COPY, where there is one."""

BATCH = 40
"""Rows of one statement; SQLite before 3.32 takes 999 parameters."""

Row = Mapping[str, Any]
"""A finished row: every column but the primary key, by name."""

FIELDS = tuple(
    field for field in AuditRecord._meta.concrete_fields if not field.primary_key
)
TABLE = AuditRecord._meta.db_table
COLUMNS = tuple(str(field.column) for field in FIELDS)
values_of = itemgetter(*(field.attname for field in FIELDS))
"""Picks a row's values in the order of the columns."""

PREPARED = tuple(
    (place, field.get_db_prep_save)
    for place, field in enumerate(FIELDS)
    if not isinstance(
        field,
        models.CharField | models.BooleanField | models.PositiveSmallIntegerField,
    )
)
"""Place, and what prepares its value where the database does not take it as it is."""


def insert(rows: Sequence[Row], using: str) -> None:
    """
    Add rows: one statement for up to `BATCH` of them, all or none of more.

    Args:
        rows: finished rows; their primary keys stay unknown here.
        using: the alias of the database.

    Raises:
        django.db.Error: none was added.
    """
    connection = connections[using]
    if len(rows) > FEW and psycopg_rows.is_driver_of(connection):
        values = (values_for(row, connection) for row in rows)
        with transaction.mark_for_rollback_on_error(using=using):
            psycopg_rows.copy(TABLE, COLUMNS, values, connection)
        return
    if len(rows) <= BATCH:
        _insert_batch(rows, connection)
        return
    with transaction.atomic(using=using, savepoint=False):
        for start in range(0, len(rows), BATCH):
            _insert_batch(rows[start : start + BATCH], connection)


def _insert_batch(rows: Sequence[Row], connection: BaseDatabaseWrapper) -> None:
    parameters = [value for row in rows for value in values_for(row, connection)]
    is_bound = psycopg_rows.is_driver_of(connection)
    open_cursor = psycopg_rows.binding_cursor if is_bound else _cursor
    with (
        transaction.mark_for_rollback_on_error(using=connection.alias),
        open_cursor(connection) as cursor,
    ):
        cursor.execute(_statement(connection.vendor, len(rows)), parameters)


def _cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    return connection.cursor()


def values_for(row: Row, connection: BaseDatabaseWrapper) -> Sequence[Any]:
    """Return a row's values, in the order of `FIELDS`, as its database takes them."""
    found: tuple[Any, ...] = values_of(row)
    if connection.vendor == "postgresql":
        # Its driver takes times, UUIDs and bytes as Python has them.
        return found
    values = list(found)
    for place, prepare in PREPARED:
        values[place] = prepare(values[place], connection)
    return values


@lru_cache(maxsize=128)
def _statement(vendor: str, rows: int) -> str:
    quote = "`" if vendor == "mysql" else '"'
    columns = ", ".join(f"{quote}{column}{quote}" for column in COLUMNS)
    one = f"({', '.join(['%s'] * len(FIELDS))})"
    table = f"{quote}{TABLE}{quote}"
    # Every word in it comes from the model; values travel as parameters.
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([one] * rows)}"  # noqa: S608 - see above
