"""
How a batch of rows gets new bytes in one column, and its companion, beside traffic.

Each row is written only where it still holds the bytes that were read: who wrote in
between keeps what he wrote. Rows that others hold locked are passed over, never waited
for, so that this never takes part in a deadlock; they come in the next turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django.db import connections, transaction

from jtsec.core import psycopg_rows

PATIENCE: Final = "SET LOCAL lock_timeout = '300ms'"
"""Below the second after which PostgreSQL looks for deadlocks, and ends somebody."""


class Column(NamedTuple):
    """An encrypted column and its companion, "" where it has none; quoted."""

    table: str
    key: str
    key_type: str
    data: str
    companion: str


class Rewrite(NamedTuple):
    """One row: its key, the bytes that were read, and those to come."""

    key: Any
    before: bytes
    data: bytes
    companion: bytes | None


def write(column: Column, rows: Sequence[Rewrite], using: str) -> int:
    """
    Write what nobody changed or holds; return how many rows that were.

    Raises:
        django.db.OperationalError: the database was busy; nothing was written.
        django.db.IntegrityError: an index stands in another row; nothing was written.
    """
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        free = rows
        if connection.features.has_select_for_update_skip_locked:
            if connection.vendor == "postgresql":
                cursor.execute(PATIENCE)
            free = _locked(cursor, column, rows)
        if not free:
            return 0
        if connection.vendor == "postgresql":
            return _from_arrays(cursor, column, free)
        if connection.vendor == "mysql":
            return _by_case(cursor, column, free)
        return _one_by_one(cursor, column, free)


def _locked(cursor: Any, column: Column, rows: Sequence[Rewrite]) -> list[Rewrite]:
    """Lock those of the rows that nobody holds, and return them."""
    keys: list[Any] = [row.key for row in rows]
    among, params = f"IN ({', '.join(['%s'] * len(keys))})", keys
    if cursor.db.vendor == "postgresql":
        among, params = f"= ANY(%s::{column.key_type}[])", [keys]
    cursor.execute(
        f"SELECT {column.key} FROM {column.table} WHERE {column.key} {among} "  # noqa: S608 - quoted names
        "FOR UPDATE SKIP LOCKED",
        params,
    )
    held = {key for (key,) in cursor.fetchall()}
    return [row for row in rows if row.key in held]


def _from_arrays(cursor: Any, column: Column, rows: Sequence[Rewrite]) -> int:
    """Write all rows in one statement, joined with arrays: a few long parameters."""
    companion = f", {column.companion} = v.i" if column.companion else ""
    if psycopg_rows.is_driver_of(cursor.db):
        # Django's own cursor writes every byte of them as text into the statement.
        cursor = psycopg_rows.binding_cursor(cursor.db)
    cursor.execute(
        f"UPDATE {column.table} AS t SET {column.data} = v.d{companion} "  # noqa: S608 - quoted names
        f"FROM unnest(%s::{column.key_type}[], %s::bytea[], %s::bytea[], %s::bytea[]) "
        "AS v (k, b, d, i) "
        f"WHERE t.{column.key} = v.k AND t.{column.data} = v.b",
        [list(part) for part in zip(*rows, strict=True)],
    )
    written: int = cursor.rowcount
    return written


def _by_case(cursor: Any, column: Column, rows: Sequence[Rewrite]) -> int:
    """Write all rows in one statement that chooses by the key."""
    when = " ".join(["WHEN %s THEN _binary %s"] * len(rows))
    sets = [f"{column.data} = CASE {column.key} {when} END"]
    params: list[Any] = [part for row in rows for part in (row.key, row.data)]
    if column.companion:
        marks = ("NULL" if row.companion is None else "_binary %s" for row in rows)
        whens = (f"WHEN %s THEN {mark}" for mark in marks)
        sets.append(f"{column.companion} = CASE {column.key} {' '.join(whens)} END")
        for row in rows:
            params += [row.key] if row.companion is None else [row.key, row.companion]
    same = " OR ".join(
        [f"({column.key} = %s AND {column.data} = _binary %s)"] * len(rows)
    )
    params += [part for row in rows for part in (row.key, row.before)]
    cursor.execute(f"UPDATE {column.table} SET {', '.join(sets)} WHERE {same}", params)  # noqa: S608 - quoted names
    written: int = cursor.rowcount
    return written


def _one_by_one(cursor: Any, column: Column, rows: Sequence[Rewrite]) -> int:
    """Write row after row inside of one transaction, as a file takes them fastest."""
    given: list[tuple[Any, ...]] = [
        (row.data, row.companion, row.key, row.before) for row in rows
    ]
    index = f", {column.companion} = %s"
    if not column.companion:
        index, given = "", [(data, *where) for data, _, *where in given]
    cursor.executemany(
        f"UPDATE {column.table} SET {column.data} = %s{index} "  # noqa: S608 - quoted names
        f"WHERE {column.key} = %s AND {column.data} = %s",
        given,
    )
    written: int = cursor.rowcount
    return written
