"""
Writes that stay, whatever the surrounding transaction does.

A charge against the lockout counter must be durable before the password is looked at.
Inside `ATOMIC_REQUESTS` the view's transaction could be rolled back afterwards and
with it the charge: an attacker who can make the view fail would guess for free.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


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
    outer = connections[using]
    if not _is_in_transaction(outer):
        with transaction.atomic(using=using):
            yield using
        return
    alias = f"{using}+apart"
    connections[alias] = outer.copy(alias)
    try:
        with transaction.atomic(using=alias):
            yield alias
    finally:
        connections[alias].close()
        del connections[alias]


def _is_in_transaction(connection: BaseDatabaseWrapper) -> bool:
    """
    Answer whether a rollback outside of us could undo a write.

    Django's TestCase wraps everything in a transaction nobody else can look into, so
    a second connection would see another world; its blocks are marked and not counted.
    """
    if not connection.in_atomic_block:
        return False
    blocks = connection.atomic_blocks
    return not (blocks and getattr(blocks[0], "_from_testcase", False))
