"""Does a transaction again that the database chose to end a deadlock with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from django.db import Error, connections

from jtsec.audit.exceptions import AuditUnavailable

T = TypeVar("T")

TRIES: Final = 20
MYSQL_DEADLOCK: Final = 1213
POSTGRESQL_DEADLOCK: Final = "40P01"


def again_after_deadlock(work: Callable[[], T], using: str) -> T:
    """
    Do a whole transaction, again where it was the victim of a deadlock.

    MySQL locks what an INSERT that comes second has looked at, so two that come second
    to the same alarm can wait for each other. Inside a transaction of the caller's
    there is nothing to be done again here: it is gone as a whole, and theirs.

    Args:
        work: does everything, in a transaction of its own.
        using: the alias of the database.
    """
    is_whole = not connections[using].in_atomic_block
    for _try in range(TRIES - 1):
        try:
            return work()
        except (Error, AuditUnavailable) as error:
            if not (is_whole and is_deadlock(error)):
                raise
    return work()


def is_deadlock(error: BaseException) -> bool:
    """Answer whether an error, or what caused it, is a deadlock the database ended."""
    return any(
        one.args[:1] == (MYSQL_DEADLOCK,)
        or getattr(one, "sqlstate", None) == POSTGRESQL_DEADLOCK
        for one in _causes(error)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__
