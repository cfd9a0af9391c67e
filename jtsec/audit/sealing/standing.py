"""
Where sealing stands: the one row that a sealer holds, and the state in it.

PostgreSQL and MySQL: one transaction with one snapshot, begun by locking the row; who
finds it locked leaves the work to the other. SQLite, whose lock would stop every writer
for the whole pass: the row is read first and changed last, if nobody else did.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db import OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from .body import CheckpointBody
from .gaps import Gap, are_apart, merged, split, without
from .models import ONE, AuditSealer
from .reading import checkpoints_after, readable
from .running import writers

BUSY_STATES: Final = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL: could not serialize, deadlock, lock not available."""

BUSY_NUMBERS: Final = frozenset({1205, 1213, 3572})
"""MySQL: waited too long for a lock, deadlock, would not wait at all."""


@dataclass(frozen=True)
class Glance:
    """
    What was seen before a pass took its snapshot.

    Args:
        passes: how often the row had changed.
        writers: who was writing to the log; None where the database does not tell.
    """

    passes: int
    writers: tuple[str, ...] | None

    def beside(self, sealer: AuditSealer) -> Glance | None:
        """Return it if it is newer than what the row says, else None."""
        return self if sealer.passes == self.passes else None


@dataclass
class State:
    """
    What a sealer remembers.

    Args:
        number: the checkpoint that this belongs to; 0 before the first.
        gaps: the gaps that may still fill, ascending.
        altered: ids of records that are not what was written, told of already.
        unknown: ids of records whose key is away, told of already.
    """

    number: int = 0
    gaps: list[Gap] = field(default_factory=list)
    altered: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)

    def stored(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "number": self.number,
            "gaps": [gap.stored() for gap in self.gaps],
            "altered": merged(self.altered),
            "unknown": merged(self.unknown),
        }

    def name_running(self, running: tuple[str, ...] | None) -> None:
        """Say of gaps that are new who could fill them."""
        self.gaps = [
            replace(gap, running=running) if gap.running is None else gap
            for gap in self.gaps
        ]


def state_of(sealer: AuditSealer, last: CheckpointBody | None, at: str) -> State:
    """
    Return the state that belongs to the newest checkpoint.

    Where the row was lost, it is made anew: then every gap is open again.

    Args:
        sealer: the row.
        last: what the newest checkpoint says.
        at: the present moment, as text in UTC.

    Raises:
        CheckpointAltered: it has to be made anew, and a checkpoint cannot be read.
    """
    found = remembered(sealer.state, last)
    if found is not None:
        return found
    return State(last.number, _gaps_of_all(at)) if last else State()


def remembered(stored: Any, last: CheckpointBody | None) -> State | None:
    """
    Return what the row says of the newest checkpoint, None where it says nothing.

    Anybody with rights in the database can write there what no sealer has: a state
    that is none must neither stop the sealing nor get a signature.

    Args:
        stored: the state as the table has it.
        last: what the newest checkpoint says.
    """
    number, end = (last.number, last.last) if last else (0, 0)
    try:
        if stored["number"] != number:
            return None
        gaps = [Gap.restored(one) for one in stored["gaps"]]
        told = [split(stored[name]) for name in ("altered", "unknown")]
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return State(number, gaps, *told) if are_apart(gaps, end) else None


def open_gaps(stored: Any) -> list[Gap]:
    """Return the gaps that a stored state calls open, whatever else it says."""
    try:
        return [Gap.restored(one) for one in stored["gaps"]]
    except (KeyError, TypeError, ValueError):
        return []


def glance(using: str) -> Glance:
    """Return what is seen before a snapshot; makes the row where there is none."""
    rows = AuditSealer.objects.using(using)
    passes = rows.filter(pk=ONE).values_list("passes", flat=True).first()
    if passes is None:
        rows.get_or_create(pk=ONE)
    return Glance(passes or 0, writers(using))


@contextmanager
def held(using: str) -> Iterator[AuditSealer | None]:
    """
    Hold the row for one pass, in one consistent snapshot.

    Yields:
        The row, or None when another sealer is at work.
    """
    connection = connections[using]
    if connection.vendor == "sqlite":
        yield AuditSealer.objects.using(using).filter(pk=ONE).first()
        return
    with transaction.atomic(using=using):
        _take_one_snapshot(connection)
        yield _locked(connection, using)


def write_back(sealer: AuditSealer, using: str) -> bool:
    """
    Change the row if nobody has overtaken us; the first write of the transaction.

    Returns:
        False: another sealer was faster, and nothing may be written.
    """
    changed = (
        AuditSealer.objects.using(using)
        .filter(pk=ONE, passes=sealer.passes)
        .update(
            passes=sealer.passes + 1,
            state=sealer.state,
            complete_at=sealer.complete_at,
        )
    )
    return changed == 1


def is_busy(error: OperationalError) -> bool:
    """
    Answer whether somebody else was faster, or the database is busy with others.

    Then the next pass does what this one could not; if that takes long, it is a lag.
    """
    state = getattr(error.__cause__, "sqlstate", "")
    number = error.args[0] if error.args else None
    is_locked = isinstance(number, str) and "is locked" in number
    return state in BUSY_STATES or number in BUSY_NUMBERS or is_locked


def _take_one_snapshot(connection: BaseDatabaseWrapper) -> None:
    # Inside of a TestCase the transaction has begun long ago, with what it has.
    if not _is_of_a_test(connection):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _is_of_a_test(connection: BaseDatabaseWrapper) -> bool:
    return len(connection.atomic_blocks) > 1


def _locked(connection: BaseDatabaseWrapper, using: str) -> AuditSealer | None:
    skip = connection.features.has_select_for_update_skip_locked
    rows = AuditSealer.objects.using(using).filter(pk=ONE)
    return rows.select_for_update(skip_locked=skip).first()


def _gaps_of_all(at: str) -> list[Gap]:
    """Return every gap of every checkpoint that no later one has filled."""
    found: list[Gap] = []
    late: set[int] = set()
    for checkpoint in checkpoints_after(0):
        body = readable(checkpoint)
        late.update(body.late)
        found.extend(Gap(low, high, at) for low, high in body.gaps)
    return list(without(found, sorted(late)))
