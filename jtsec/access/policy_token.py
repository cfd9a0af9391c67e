"""
The token that changes with every change of the policy (clause A4.10).

Whoever changes the policy takes the token's row, which makes writers wait for each
other; whoever decides compares the token with the one under which it knows the policy.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from jtsec.core.guarding import writing

from .models import GUARD, PolicyState

NAME: Final = "policy"
_WRITTEN: Final = "_jtsec_policy_written"

_listeners: list[Callable[[], None]] = []


def on_change(callback: Callable[[], None]) -> None:
    """Have a function called when this process has changed the policy."""
    if callback not in _listeners:
        _listeners.append(callback)


def database() -> str:
    """Return the alias of the database that holds the policy; never a replica's."""
    return router.db_for_write(PolicyState)


def bump() -> None:
    """
    Take the policy's lock until the transaction ends, and have everybody read anew.

    Changing the row locks it on SQLite too, where `select_for_update` does nothing.
    The token is random: one that was counted up and rolled back would come again with
    other contents behind it.
    """
    alias = database()
    token = secrets.token_hex(16)
    with transaction.atomic(using=alias), writing(GUARD):
        state = PolicyState.objects.using(alias).filter(name=NAME)
        if not state.update(token=token):
            PolicyState.objects.using(alias).get_or_create(
                name=NAME, defaults={"token": token}
            )
            state.update(token=token)
        vars(connections[alias]).setdefault(_WRITTEN, set()).add(token)
        transaction.on_commit(_settle, using=alias)


def stored_token() -> str:
    """Return the token as the database holds it, "" before the first change."""
    rows = PolicyState.objects.using(database()).filter(name=NAME)
    return rows.values_list("token", flat=True).first() or ""


def connection_in_use() -> BaseDatabaseWrapper:
    """Return this thread's connection to the database that holds the policy."""
    return connections[database()]


def is_in_transaction(connection: BaseDatabaseWrapper) -> bool:
    """
    Answer whether what is read now may be from before, or never be committed.

    The blocks of Django's TestCase are not the application's.
    """
    if connection.in_atomic_block:
        return any(not _is_of_testcase(one) for one in connection.atomic_blocks)
    return connection.connection is not None and not connection.autocommit


def has_own_changes(connection: BaseDatabaseWrapper) -> bool:
    """
    Answer whether this connection's open transaction has changed the policy.

    What is read then holds for the transaction alone: a rollback takes it away, and
    whoever had kept it would let people in by rights that never were.
    """
    tokens = vars(connection).get(_WRITTEN)
    if tokens is None:
        return False
    # All of them: a savepoint may have taken the last one back, and left one before.
    if is_in_transaction(connection) and stored_token() in tokens:
        return True
    # It was committed or rolled back; either way the process knows too little now.
    _settle()
    return False


def _settle() -> None:
    vars(connections[database()]).pop(_WRITTEN, None)
    for callback in _listeners:
        callback()


def _is_of_testcase(block: Any) -> bool:
    return bool(getattr(block, "_from_testcase", False))
