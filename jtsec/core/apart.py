"""
Writes that stay, whatever the surrounding transaction does.

A charge against the lockout counter must be durable before the password is looked at.
Inside `ATOMIC_REQUESTS` the view's transaction could be rolled back afterwards and
with it the charge: an attacker who can make the view fail would guess for free.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

LONGEST_WAIT_SECONDS: Final = 10
"""Of a second connection, for a lock that the first one may hold."""


@contextmanager
def apart(using: str = DEFAULT_DB_ALIAS) -> Iterator[str]:
    """
    Open a transaction that commits by itself and give the alias to write through.

    Outside of a transaction that is the alias itself. Inside one it is a second
    connection to the same database, opened for the block and closed with it.

    Args:
        using: the alias of the database.

    Yields:
        The alias to pass to `QuerySet.using`.

    Raises:
        django.db.Error: the second connection cannot be had, or waits too long for
            a lock the outer transaction holds; the caller must refuse.
    """
    if not _is_in_transaction(connections[using]):
        with transaction.atomic(using=using):
            yield using
        return
    with _second_connection(using) as alias:
        yield alias


@contextmanager
def one_statement_apart(using: str = DEFAULT_DB_ALIAS) -> Iterator[str]:
    """
    Do the same for a write of one statement, which commits by itself.

    Outside of a transaction that spares its beginning and its end, each a round trip
    to the server. Whoever sends two statements needs `apart`.

    Args:
        using: the alias of the database.

    Yields:
        The alias to write through, once.

    Raises:
        django.db.Error: as `apart`.
    """
    if not _is_in_transaction(connections[using]):
        yield using
        return
    with _second_connection(using) as alias:
        yield alias


@contextmanager
def _second_connection(using: str) -> Iterator[str]:
    """Open a transaction on a connection of its own, closed with the block."""
    outer = connections[using]
    alias = f"{using}+apart"
    connections[alias] = outer.copy(alias)
    # Where the project has set it off, `atomic` would leave the commit to nobody.
    connections[alias].settings_dict["AUTOCOMMIT"] = True
    try:
        with transaction.atomic(using=alias):
            _bound_waiting(connections[alias])
            yield alias
    finally:
        connections[alias].close()
        del connections[alias]


def would_wait_for_itself(using: str = DEFAULT_DB_ALIAS) -> bool:
    """
    Answer whether `apart` could not write now: SQLite, inside of its one writer.

    Where a caller can do something else than fail after the wait, it asks.
    """
    connection = connections[using]
    return connection.vendor == "sqlite" and _is_in_transaction(connection)


def _bound_waiting(own: BaseDatabaseWrapper) -> None:
    """
    Let PostgreSQL give up on a lock, as SQLite and MySQL do by themselves.

    A row that the outer transaction has locked is not freed while we wait for it, and
    the database cannot know that the two connections are one request: it would wait
    for ever, and a few such requests would take every thread of the server.
    """
    if own.vendor == "postgresql":
        with own.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LONGEST_WAIT_SECONDS}s'")


def _is_in_transaction(connection: BaseDatabaseWrapper) -> bool:
    """
    Answer whether a rollback outside of us could undo a write.

    Django's TestCase wraps everything in a transaction nobody else can look into, so
    a second connection would see another world; its blocks are marked and not counted.
    """
    if not connection.in_atomic_block:
        # `set_autocommit(False)`: a transaction without a block.
        return not connection.get_autocommit()
    blocks = connection.atomic_blocks
    return not (blocks and getattr(blocks[0], "_from_testcase", False))
