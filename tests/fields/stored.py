"""What really stands in the tables, past the ORM."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from django.db import connection, models, transaction


def column(model: type[models.Model], pk: Any, name: str) -> bytes | None:
    """Return the bytes of a column."""
    field: Any = model._meta.get_field(name)
    table, wanted = model._meta.db_table, field.column
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {wanted} FROM {table} WHERE id = %s", [pk])
        value = cursor.fetchone()[0]
    return None if value is None else bytes(value)


def put(model: type[models.Model], pk: Any, name: str, value: Any) -> None:
    """Write a column as somebody with SQL would."""
    field: Any = model._meta.get_field(name)
    table, wanted = model._meta.db_table, field.column
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {wanted} = %s WHERE id = %s", [value, pk])


@contextmanager
def refused(*kinds: type[Exception], match: str | None = None) -> Iterator[Any]:
    """Expect an error, and leave the test's own transaction usable after it."""
    with pytest.raises(kinds, match=match) as caught, transaction.atomic():
        yield caught
