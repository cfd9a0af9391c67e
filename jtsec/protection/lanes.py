"""
Writing the root: one statement with every write of sealed rows.

Each connection has a lane of its own choosing and remembers its state, so that it is
not read before it is written: the statement names the token it follows on. Who does
not hit it (the transaction was rolled back, another writer was there) reads the lane
under its lock and writes again. What the ORM has to know first, the key that a new row
will get or what a row holds now, is asked in the same statement where databases allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import randbelow
from typing import Any, Final

from django.db import connections

from jtsec.core.touched_rows import take_write_lock

from .declaration import Plan
from .exceptions import RootMissing, TableAltered
from .lane_state import LANES, LaneState, adder_of, unpack
from .lane_table import SealedLane
from .root import open_when_empty

_KEPT: Final = "_jtsec_lanes"


@dataclass(frozen=True)
class Question:
    """
    What is asked beside the writing.

    Args:
        parts: expressions in SQL.
        params: of all of them.
    """

    parts: Sequence[str] = ()
    params: Sequence[Any] = ()


NOTHING: Final = Question()


def may_ask(using: str) -> bool:
    """Answer whether a database tells something with an UPDATE."""
    connection: Any = connections[using]
    # SQLite from 3.35 on; MariaDB returns from INSERT alone.
    tells: bool = connection.features.can_return_columns_from_insert
    return tells and connection.vendor in ("postgresql", "sqlite")


def move(
    plan: Plan,
    using: str,
    *,
    gone: list[bytes] | None = None,
    come: list[bytes] | None = None,
    question: Question = NOTHING,
) -> tuple[Any, ...]:
    """
    Take rows out of a table's root and others in; inside of their transaction.

    Args:
        plan: of the table.
        using: the alias of the database.
        gone: the nonces of rows, or of versions of rows, that are no more.
        come: those that are new.
        question: what else to ask; only where `may_ask`.

    Returns:
        The answers.

    Raises:
        RootMissing: the table has rows and no root.
        TableAltered: the lane is not what was written.
        CannotVerify: its key is not there.
    """
    connection: Any = connections[using]
    kept = connection.__dict__.setdefault(_KEPT, {})
    state = kept.get(plan.label)
    if state is not None:
        answer = _write(connection, kept, state, gone or [], come or [], question)
        if answer is not None:
            return answer
    state = _locked(plan, using)
    answer = _write(connection, kept, state, gone or [], come or [], question)
    if answer is None:
        raise TableAltered(plan.label, "a lane of the root changed under its lock")
    return answer


def hold(plan: Plan, using: str) -> None:
    """
    Lock this connection's lane before any row is locked.

    Two that share a lane would wait for each other if one of them came to it by way of
    a row that the other one wants.
    """
    move(plan, using)


def _locked(plan: Plan, using: str) -> LaneState:
    """
    Return a lane as it is, locked; a table without rows gets its lanes here.

    Another one than before: where two connections met, they part.
    """
    lane = randbelow(LANES)
    take_write_lock(SealedLane, using)
    for is_open in (False, True):
        rows = SealedLane.objects.using(using).filter(table=plan.label, lane=lane)
        row = rows.select_for_update().first()
        if row is not None:
            adder = adder_of(plan.label, row.key_id)
            return unpack(plan.label, lane, adder, row.token, bytes(row.state))
        if not is_open:
            open_when_empty(plan, using)
    raise RootMissing(plan.label)


def _write(
    connection: Any,
    kept: dict[str, LaneState],
    state: LaneState,
    gone: list[bytes],
    come: list[bytes],
    question: Question,
) -> tuple[Any, ...] | None:
    """Write the next state, if the lane still is in this one."""
    after = state.moved(gone, come)
    meta = SealedLane._meta
    quote = connection.ops.quote_name
    column: Any = meta.get_field("state")
    sql = (
        f"UPDATE {quote(meta.db_table)} SET {quote('token')} = %s, "  # noqa: S608 - names of our own
        f"{quote('state')} = %s WHERE {quote('table')} = %s AND {quote('lane')} = %s "
        f"AND {quote('token')} = %s"
    )
    blob = column.get_db_prep_value(after.pack(), connection)
    params = [after.token, blob, state.table, state.lane, state.token]
    with connection.cursor() as cursor:
        if question.parts:
            sql = f"{sql} RETURNING {', '.join(question.parts)}"
            cursor.execute(sql, [*params, *question.params])
            answer = cursor.fetchone()
        else:
            cursor.execute(sql, params)
            answer = () if cursor.rowcount == 1 else None
    if answer is not None:
        kept[state.table] = after
        return tuple(answer)
    kept.pop(state.table, None)
    return None
