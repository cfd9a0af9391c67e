"""
Whole tables: every row is what was sealed, and they are those the root knows (A6.2).

A root is compared with rows that were read while people work. What was written in
between makes both differ, and its serials tell; then the table is read again, at last
in one snapshot, in which nothing moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.db import connections, transaction
from django.db.models import QuerySet

from jtsec.core.exceptions import CannotVerify
from jtsec.keys import api as keys

from .declaration import Plan
from .exceptions import TableAltered
from .parts import Progress, cut, summed
from .processes import scan_all
from .remembered import require_not_before
from .root import Root, read_root
from .scanning import Fault, Scanned

TRIES: Final = 3


@dataclass(frozen=True)
class Verified:
    """
    What was found of one table.

    Args:
        table: its label.
        rows: how many rows were verified.
        altered: how many are not what was sealed.
        unknown: of how many nothing can be said.
        faults: the first of both.
        root: what is wrong with the table as a whole; "" where it is as it should be.
        blocked: why nothing can be said of it as a whole; "" where it can.
        serials: of the root that was compared with.
    """

    table: str
    rows: int
    altered: int
    unknown: int
    faults: tuple[Fault, ...]
    root: str = ""
    blocked: str = ""
    serials: tuple[int, ...] = ()


def verify_table(
    plan: Plan, using: str, processes: int = 1, progress: Progress | None = None
) -> Verified:
    """
    Verify one table.

    Args:
        plan: of the table.
        using: the alias of the database.
        processes: how many share the work.
        progress: is told how many rows are done, as they are.

    Raises:
        django.db.Error: the database does not answer.
        ConfigurationError: see `scan_all`.
    """
    try:
        root, found = _compared(plan, using, processes, progress)
    except TableAltered as error:
        return _without_root(plan, using, progress, root=error.why)
    except CannotVerify as error:
        return _without_root(plan, using, progress, blocked=str(error))
    why = difference(root, found)
    try:
        require_not_before(plan.label, root.serials)
    except TableAltered as error:
        why = f"{why}; {error.why}" if why else error.why
    return told(plan, found, found.faults, root=why, serials=root.serials)


def _compared(
    plan: Plan, using: str, processes: int, progress: Progress | None
) -> tuple[Root, Scanned]:
    """Return a root and the rows of the same moment, or the last that were tried."""
    for _ in range(TRIES):
        root = read_root(plan, using)
        found = _scanned(
            plan, using, root.adder.key_id, root.count, processes, progress
        )
        if read_root(plan, using) == root or not difference(root, found):
            return root, found
    with _one_snapshot(using):
        root = read_root(plan, using)
        key_id = root.adder.key_id
        return root, _scanned(plan, using, key_id, root.count, 1, progress)


def _scanned(
    plan: Plan,
    using: str,
    key_id: str,
    rows: int,
    processes: int,
    progress: Progress | None,
) -> Scanned:
    parts = cut(plan, using, key_id, rows)
    return summed(list(scan_all(parts, processes, progress)))


def difference(root: Root, found: Scanned) -> str:
    """Return what a table is compared with its root, "" if the same."""
    if found.rows > root.count:
        return f"{found.rows - root.count} rows were added"
    if found.rows < root.count:
        return f"{root.count - found.rows} rows were removed"
    if found.total != root.total:
        return "rows were put back or replaced"
    return ""


def _without_root(
    plan: Plan,
    using: str,
    progress: Progress | None,
    *,
    root: str = "",
    blocked: str = "",
) -> Verified:
    """Verify the rows one by one where the root says nothing."""
    rows = QuerySet(model=plan.model, using=using).count()
    if blocked and not rows:
        blocked = ""
    key_id = keys.active(keys.Purpose.SEAL).id
    found = _scanned(plan, using, key_id, rows, 1, progress)
    return told(plan, found, found.faults, root=root, blocked=blocked)


def told(
    plan: Plan,
    found: Scanned,
    faults: Sequence[Fault],
    *,
    root: str = "",
    blocked: str = "",
    serials: tuple[int, ...] = (),
) -> Verified:
    """Return what was found of a table."""
    return Verified(
        table=plan.label,
        rows=found.rows,
        altered=found.altered,
        unknown=found.unknown,
        faults=tuple(faults),
        root=root,
        blocked=blocked,
        serials=serials,
    )


@contextmanager
def _one_snapshot(using: str) -> Iterator[None]:
    """Read inside the block as of one moment; inside of a transaction, as it is."""
    connection = connections[using]
    if connection.in_atomic_block or connection.vendor == "sqlite":
        with transaction.atomic(using=using):
            yield
        return
    statement = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
    if connection.vendor == "mysql":
        # Of the next transaction; PostgreSQL wants it inside of it.
        with connection.cursor() as cursor:
            cursor.execute(statement)
    with transaction.atomic(using=using):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(statement)
        yield
