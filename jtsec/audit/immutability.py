"""
The triggers with which the database itself refuses to change the audit (A5.8).

They stop what goes around the ORM: a data fix in a database shell, an injected
statement, another program with the application's rights. Who owns the table can remove
them; that this was done is found by the check E320, and what was done then by the MAC
of each row.

Rows that are archived and a year old may go; what they are, the database reads in a
table of its own. SQLite rebuilds a table that a migration alters, and forgets its
triggers: a migration that touches the audit's table ends with `install`, and one that
touches the table of the ranges begins with `install(connection, without_release(…))`.

There is no setting, variable or command that takes them away. Two callers may: the
migration when it is reversed, and a test run, whose TransactionTestCase must empty
the table (`lifted`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

from . import mysql_triggers, postgresql_triggers, sqlite_triggers
from .exceptions import AppendOnly
from .triggers import RECORDS, Protected, Triggers

_BY_VENDOR: Final[Mapping[str, Callable[[Protected], Triggers]]] = MappingProxyType(
    {
        "sqlite": sqlite_triggers.triggers_of,
        "postgresql": postgresql_triggers.triggers_of,
        "mysql": mysql_triggers.triggers_of,
    }
)
_protected: dict[str, Protected] = {RECORDS.table: RECORDS}


def protect(protected: Protected) -> None:
    """Name one more table that is append-only; called once, from a part's wiring."""
    _protected[protected.table] = protected


def install(connection: BaseDatabaseWrapper, protected: Protected = RECORDS) -> None:
    """
    Create the triggers of a table; those that are there are replaced.

    Raises:
        django.db.Error: the database user may not; on MySQL with a binary log it
            needs TRIGGER and `log_bin_trust_function_creators`.
    """
    triggers = _triggers_of(connection, protected)
    if triggers is not None:
        _execute(connection, (*triggers.drop, *triggers.create))


def remove(connection: BaseDatabaseWrapper, protected: Protected = RECORDS) -> None:
    """Drop the triggers: for the reversed migration, and for `lifted`."""
    triggers = _triggers_of(connection, protected)
    if triggers is not None:
        _execute(connection, triggers.drop)


def missing(
    connection: BaseDatabaseWrapper, protected: Protected = RECORDS
) -> list[str]:
    """Return the names of the triggers that are not there, or not in force."""
    triggers = _triggers_of(connection, protected)
    if triggers is None:
        return [f"no triggers are known for {connection.vendor}"]
    with connection.cursor() as cursor:
        cursor.execute(triggers.list_query)
        found = {row[0] for row in cursor.fetchall()}
    return [name for name in triggers.names if name not in found]


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """
    Take the triggers of every table away for a block of a test run; put them back.

    Raises:
        AppendOnly: this process is not a test run: Django's test environment, which
            no setting creates, is not set up.
    """
    # Only here: the test machinery is no part of a server.
    from django.test.utils import _TestState  # noqa: PLC0415 - see above

    if not hasattr(_TestState, "saved_data"):
        raise AppendOnly("taking the triggers away outside of a test run")
    # A table of another database, or of a later migration, is not there at all.
    complete = [one for one in _protected.values() if not missing(connection, one)]
    for one in _protected.values():
        remove(connection, one)
    try:
        yield
    finally:
        for one in complete:
            install(connection, one)


def _triggers_of(
    connection: BaseDatabaseWrapper, protected: Protected
) -> Triggers | None:
    build = _BY_VENDOR.get(connection.vendor)
    if build is None:
        return None
    return build(_as_far_as_migrated(connection, protected))


def _as_far_as_migrated(
    connection: BaseDatabaseWrapper, protected: Protected
) -> Protected:
    """Return a table whose rows may never go while there is no table that says so."""
    if not protected.ranges:
        return protected
    if protected.ranges in connection.introspection.table_names():
        return protected
    return without_release(protected)


def without_release(protected: Protected) -> Protected:
    """Return a table none of whose rows may go, archived or not."""
    return replace(protected, ranges="")


def _execute(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
