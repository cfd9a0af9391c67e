"""The root of a table as a whole: begun, and read."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex

from django.db.models import QuerySet

from jtsec.audit.api import record
from jtsec.core.guarding import writing
from jtsec.keys import api as keys

from .declaration import Plan
from .events import TableOpened
from .exceptions import RootMissing, TableAltered
from .lane_state import LANES, MODULUS, Adder, LaneState, adder_of, unpack
from .lane_table import SealedLane


@dataclass(frozen=True)
class Root:
    """
    What a table must consist of.

    Args:
        adder: what turns its rows' nonces into numbers.
        count: rows.
        total: their sum.
        serials: how often each lane was written.
    """

    adder: Adder
    count: int
    total: int
    serials: tuple[int, ...]


def open_when_empty(plan: Plan, using: str) -> None:
    """
    Begin the root of a table without rows.

    Raises:
        RootMissing: it has rows; whoever removed the root would have it made anew.
    """
    rows: QuerySet[SealedLane] = SealedLane.objects.using(using)
    if rows.filter(table=plan.label).exists():
        raise TableAltered(plan.label, "lanes of its root are missing")
    if QuerySet(model=plan.model, using=using).exists():
        raise RootMissing(plan.label)
    begin(plan, using, 0)


def begin(plan: Plan, using: str, rows: int) -> None:
    """
    Make the lanes of a table; whoever does it at the same instant makes the same.

    Args:
        plan: of the table.
        using: the alias of the database.
        rows: how many rows there are, for the event.
    """
    adder = adder_of(plan.label, keys.active(keys.Purpose.SEAL).id)
    lanes = []
    for lane in range(LANES):
        state = LaneState(plan.label, lane, adder, token_hex(16))
        lanes.append(
            SealedLane(
                table=plan.label,
                lane=lane,
                token=state.token,
                state=state.pack(),
                key_id=adder.key_id,
            )
        )
    with writing("protection"):
        SealedLane.objects.using(using).bulk_create(lanes, ignore_conflicts=True)
    record(TableOpened(resource=plan.label, count=rows))


def read_root(plan: Plan, using: str) -> Root:
    """
    Return the root of a table, of the snapshot in force.

    Raises:
        RootMissing: it has none.
        TableAltered: a lane is missing, or not what was written.
        CannotVerify: its key is not there.
    """
    found = {}
    for row in SealedLane.objects.using(using).filter(table=plan.label):
        adder = adder_of(plan.label, row.key_id)
        state = unpack(plan.label, row.lane, adder, row.token, bytes(row.state))
        found[row.lane] = state
    if not found:
        raise RootMissing(plan.label)
    if set(found) != set(range(LANES)):
        raise TableAltered(plan.label, "lanes of its root are missing")
    states = [found[lane] for lane in range(LANES)]
    if len({one.adder.key_id for one in states}) != 1:
        raise TableAltered(plan.label, "its lanes are under different keys")
    return Root(
        adder=states[0].adder,
        count=sum(one.count for one in states),
        total=sum(one.total for one in states) % MODULUS,
        serials=tuple(one.serial for one in states),
    )
