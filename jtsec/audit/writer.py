"""Puts finished rows into the table: in one statement, in the right transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import SynchronousOnlyOperation
from django.db import Error, connections, router, transaction

from jtsec.core.apart import apart
from jtsec.core.event_loop import is_in_event_loop

from .exceptions import AuditUnavailable
from .models import AuditRecord
from .table import Row, insert
from .transactions import is_in_transaction


def could_be_undone() -> bool:
    """Answer whether a row written now could be rolled back by the application."""
    return is_in_transaction(_alias())


def must_wait() -> bool:
    """Answer whether now is no time to write what has to stay, or no place."""
    return could_be_undone() or is_in_event_loop()


def shares_transactions_with(using: str) -> bool:
    """Answer whether what is written by an alias can be tied to its event."""
    return using == _alias()


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """
    Mark the transaction for rollback when the block fails.

    Who catches the error of an event that was not written cannot commit the change
    without it.
    """
    try:
        yield
    except BaseException:
        alias = _alias()
        if is_in_transaction(alias) and connections[alias].in_atomic_block:
            transaction.set_rollback(True, using=alias)
        raise


def write_here(rows: list[Row]) -> None:
    """
    Write rows in the transaction in force: they commit with the change or not at all.

    Raises:
        AuditUnavailable: they were not written.
    """
    alias = _alias()
    with _or_unavailable(rows):
        insert(rows, alias)


def write_to_stay(rows: list[Row]) -> None:
    """
    Write rows so that no rollback of the application takes them.

    Raises:
        AuditUnavailable: they were not written. On SQLite that is so where the
            transaction around has written already: open a boundary outside of it.
    """
    with _or_unavailable(rows):
        alias = _alias()
        if not is_in_transaction(alias):
            insert(rows, alias)
            return
        with apart(alias) as own:
            insert(rows, own)


def _alias() -> str:
    return router.db_for_write(AuditRecord)


@contextmanager
def _or_unavailable(rows: list[Row]) -> Iterator[None]:
    try:
        yield
    except (Error, SynchronousOnlyOperation, OSError) as error:
        codes = ", ".join(sorted({row["code"] for row in rows}))
        raise AuditUnavailable(f"not written to the audit: {codes}") from error
