"""Answers whether a row written now could still be rolled back."""

from __future__ import annotations

from typing import Any

from django.db import connections


def is_in_transaction(using: str) -> bool:
    """
    Answer whether a rollback by the application would take a row written now with it.

    The blocks of Django's TestCase are not the application's. A block inside them is:
    a refusal recorded in a view's transaction is held in a test as in operation.
    """
    connection = connections[using]
    if connection.in_atomic_block:
        return any(not _is_of_testcase(block) for block in connection.atomic_blocks)
    # `set_autocommit(False)`: a transaction without a block. Not connected: none.
    return connection.connection is not None and not connection.autocommit


def _is_of_testcase(block: Any) -> bool:
    return bool(block._from_testcase)
