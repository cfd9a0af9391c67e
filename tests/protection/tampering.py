"""SQL that goes around the application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from django.db import connection, models, transaction

from jtsec.protection.api import RowAltered


def put(row: models.Model, **values: Any) -> None:
    """Change columns of a row by SQL."""
    meta = row._meta
    quote = connection.ops.quote_name
    columns: list[Any] = [meta.get_field(name) for name in values]
    pairs = ", ".join(f"{quote(str(one.column))} = %s" for one in columns)
    key = meta.pk
    sql = (
        f"UPDATE {quote(meta.db_table)} SET {pairs} WHERE {quote(str(key.column))} = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql, [*values.values(), key.get_db_prep_value(row.pk, connection)]
        )
        assert cursor.rowcount == 1


def stored(row: models.Model) -> dict[str, Any]:
    """Return a row's columns as they lie in the table."""
    quote = connection.ops.quote_name
    key = row._meta.pk
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM {quote(row._meta.db_table)} WHERE "
            f"{quote(str(key.column))} = %s",
            [key.get_db_prep_value(row.pk, connection)],
        )
        found = cursor.fetchone()
        assert found is not None
        return dict(zip((one[0] for one in cursor.description), found, strict=True))


def put_back(model: type[models.Model], columns: dict[str, Any]) -> None:
    """Insert a row by SQL, whole."""
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    holes = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({holes})",
            list(columns.values()),
        )


def remove(row: models.Model) -> None:
    """Delete a row by SQL."""
    quote = connection.ops.quote_name
    key = row._meta.pk
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {quote(row._meta.db_table)} WHERE "
            f"{quote(str(key.column))} = %s",
            [key.get_db_prep_value(row.pk, connection)],
        )
        assert cursor.rowcount == 1


@contextmanager
def refused(kind: type[Exception] = RowAltered) -> Iterator[Any]:
    """Demand a refusal, and go on in the transaction that Django gave up."""
    with pytest.raises(kind) as caught:
        yield caught
    if connection.in_atomic_block:
        transaction.set_rollback(False)
