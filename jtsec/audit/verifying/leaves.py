"""
Reads the sealed part of the rows, and nothing but it, as fast as the database gives it.

Of each row come its id and the hash of its leaf; nothing is kept. PostgreSQL sends
leaves by COPY (`copying`); from the others, and where a row has another form than
ours, pieces are read by key, in statements so short that SQLite's writers do not wait.

No transaction holds it together, and none is needed: the members of a checkpoint were
committed before it was signed, and rows do not change. What is read later can only
show rows that came since.
"""

from __future__ import annotations

from array import array
from collections.abc import Generator
from contextlib import closing
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from jtsec.audit.models import AuditRecord
from jtsec.crypto import sm3_bulk

from . import copying
from .piece import LEAF, NO_LEAF, Piece

PAGE: Final = 5000
"""Rows of one statement."""

BYTES: Final = (bytes, memoryview)


def read(connection: BaseDatabaseWrapper, low: int, high: int) -> Generator[Piece]:
    """
    Yield the rows whose ids lie between two, both included.

    Raises:
        django.db.Error: the database does not give them.
    """
    if copying.is_possible(connection):
        with closing(copying.pieces(connection, low, high)) as copied:
            for piece in copied:
                if NO_LEAF in piece.leaves:
                    break
                # Whoever takes the piece may empty it.
                low = piece.ids[-1] + 1
                yield piece
            else:
                return
    # Here, or where a row has another form: the server gave not even its id.
    yield from paged(connection, low, high)


def paged(connection: BaseDatabaseWrapper, low: int, high: int) -> Generator[Piece]:
    """Yield the same rows, read by key in short statements; see `read`."""
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, ("id", "mac_key_id", "mac", "payload")))
    statement = (
        f"SELECT {names} FROM {quote(AuditRecord._meta.db_table)} "  # noqa: S608 - names of the model
        f"WHERE {quote('id')} BETWEEN %s AND %s ORDER BY {quote('id')} LIMIT {PAGE}"
    )
    while low <= high:
        with connection.cursor() as cursor:
            cursor.execute(statement, (low, high))
            rows = cursor.fetchall()
        if rows:
            ids = array("q", [row[0] for row in rows])
            yield Piece(ids, [leaf_of(*row) for row in rows])
        if len(rows) < PAGE:
            return
        low = rows[-1][0] + 1


def leaf_of(record_id: int, key: Any, mac: Any, payload: Any) -> bytes:
    """Return the hash of a row's leaf, or `NO_LEAF` where it has another form."""
    # SQLite gives what was put in, whatever the column's type says.
    if not isinstance(key, str) or not isinstance(mac, BYTES):
        return NO_LEAF
    name = key.encode("utf-8", "surrogatepass")
    if not isinstance(payload, BYTES) or len(mac) != 32 or len(name) > 255:
        return NO_LEAF
    number = record_id.to_bytes(8, "big", signed=True)
    parts = (LEAF, number, bytes((len(name),)), name, mac, payload)
    return sm3_bulk.digest()(b"".join(parts))
