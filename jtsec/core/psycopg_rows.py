"""How psycopg 3 takes many values fastest; other drivers use Django's cursor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper


def is_driver_of(connection: BaseDatabaseWrapper) -> bool:
    """Answer whether a connection is one of psycopg 3."""
    if connection.vendor != "postgresql":
        return False
    own: Any = connection
    return str(own.Database.__name__) == "psycopg"


def copy(
    table: str,
    columns: Iterable[str],
    rows: Iterable[Sequence[Any]],
    connection: BaseDatabaseWrapper,
) -> None:
    """
    Add many rows by COPY.

    A statement of a thousand parameters is put together in Python and taken apart by
    the server anew each time, and costs more than twice as much.

    Raises:
        django.db.Error: the transaction is to be rolled back.
    """
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        own: Any = cursor
        with own.copy(f'COPY "{table}" ({names}) FROM STDIN') as taken:
            for row in rows:
                taken.write_row(row)


def binding_cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    """
    Return a cursor that sends values apart from the statement.

    That is done in C. Django's own quotes each of two dozen values in Python, because
    statements of the ORM do not always tell the types of what they compare; an INSERT
    does.
    """
    from django.db.backends.postgresql.base import (  # noqa: PLC0415 - its driver is optional
        ServerBindingCursor,
    )

    own: Any = connection
    own.ensure_connection()
    make: Any = ServerBindingCursor
    found: CursorWrapper = own._prepare_cursor(make(own.connection))
    return found
