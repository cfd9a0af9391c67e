"""
Leaves of rows by COPY, where the database is PostgreSQL and the driver psycopg 3.

The server puts the bytes of each leaf together and sends them as the one field of a
row in the binary format. They are taken from the driver's lower level, for its own
iterator costs a third of all there is to do.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Generator, Iterator
from typing import Any, Final

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from jtsec.audit.models import AuditRecord
from jtsec.crypto import sm3_bulk

from .piece import LEAF, NO_LEAF, Piece

ROWS: Final = 4096
"""Rows of a piece."""

HEAD: Final = 19
"""Bytes before the first row: signature, flags, length of the extension."""

FIELD: Final = 6
"""Bytes before the one field of a row: number of fields, length."""

ID: Final = slice(len(LEAF), len(LEAF) + 8)

Get = Callable[[int], tuple[int, Any]]


def is_possible(connection: BaseDatabaseWrapper) -> bool:
    """Answer whether this connection can do it."""
    if connection.vendor != "postgresql":
        return False
    from django.db.backends.postgresql.psycopg_any import is_psycopg3  # noqa: PLC0415 - imports the driver, which only PostgreSQL has

    return is_psycopg3


def pieces(connection: BaseDatabaseWrapper, low: int, high: int) -> Generator[Piece]:
    """
    Yield the rows whose ids lie between two, both included.

    A row of which no leaf can be made ends it, as the last leaf of a piece, without
    its id.

    Raises:
        django.db.Error: the database does not give them, or not to the end.
    """
    from psycopg.pq import ExecStatus  # noqa: PLC0415 - only PostgreSQL has it

    connection.ensure_connection()
    with connection.wrap_database_errors:
        link = connection.connection.pgconn
        result = link.exec_(_statement(low, high).encode("ascii"))
        if result.status != ExecStatus.COPY_OUT:
            raise _error(result)
        try:
            yield from _rows(link.get_copy_data)
        finally:
            result = _end(link, ExecStatus.COPY_OUT)
        # A server that fails on the way ends the rows as if there were no more.
        if result is None or result.status != ExecStatus.COMMAND_OK:
            raise _error(result)


def _statement(low: int, high: int) -> str:
    # A check value of another length could lend bytes to the content beside it and
    # leave the leaf as it is; then the field is NULL.
    return (
        f"COPY (SELECT '\\x{LEAF.hex()}'::bytea || int8send(id) "  # noqa: S608 - constants and two numbers
        "|| set_byte('\\x00', 0, octet_length(mac_key_id)) "
        "|| convert_to(mac_key_id, 'UTF8') "
        "|| CASE WHEN octet_length(mac) = 32 THEN mac END || payload "
        f"FROM {AuditRecord._meta.db_table} "
        f"WHERE id BETWEEN {int(low)} AND {int(high)} ORDER BY id) "
        "TO STDOUT (FORMAT BINARY)"
    )


def _rows(get: Get) -> Iterator[Piece]:
    digest = sm3_bulk.digest()
    size, row = get(0)
    # The head comes with the first row, or with the end where there is none.
    row = bytes(row)[HEAD:]
    size -= HEAD
    while size > 0:
        ids: list[bytes] = []
        leaves: list[bytes] = []
        while size > FIELD and len(leaves) < ROWS:
            leaf = bytes(row[FIELD:])
            ids.append(leaf[ID])
            leaves.append(digest(leaf))
            size, row = get(0)
        if size == FIELD:
            leaves.append(NO_LEAF)
            size = 0
        elif size < FIELD:  # the end of the format
            size = 0
        if leaves:
            yield Piece(_numbers(ids), leaves)


def _numbers(ids: list[bytes]) -> array[int]:
    numbers = array("q", b"".join(ids))
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _end(link: Any, copying: int) -> Any:
    """
    Take what is left on the line, so that it serves the next statement.

    Not cancelled: that would spoil a transaction around it.

    Args:
        link: the connection.
        copying: the status that says that rows are still to come.

    Returns:
        The result that tells how the statement ended.
    """
    last = None
    while (result := link.get_result()) is not None:
        last = result
        if result.status == copying:
            while link.get_copy_data(0)[0] > 0:
                pass
    return last


def _error(result: Any) -> DatabaseError:
    message = b"" if result is None else result.error_message
    return DatabaseError(message.decode("utf-8", "replace").strip() or "COPY failed")
