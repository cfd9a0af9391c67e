"""
What PostgreSQL and SQLite are told of both counters of an attempt, in one statement.

What the settings say stands in the text, what moves does not: `last_at` is now. So the
text is the same for every attempt, is made once, and the driver takes it apart once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

_COLUMNS: Final = "dimension, failures, pending, window_from, blocked_until"

# {0} is the table. Every right-hand side sees the row as it was.
_CHARGE: Final = """
INSERT INTO {0}
    (digest, dimension, failures, pending, window_from, last_at, blocked_until)
VALUES {1}
ON CONFLICT (digest) DO UPDATE SET
    failures = CASE WHEN {renewed} THEN 0
                    WHEN {stale} THEN {0}.failures + {0}.pending
                    ELSE {0}.failures END,
    pending = CASE WHEN {renewed} OR {stale} THEN 1 ELSE {0}.pending + 1 END,
    window_from = CASE WHEN {renewed} THEN excluded.window_from
                       ELSE {0}.window_from END,
    last_at = excluded.last_at,
    blocked_until = 0
WHERE {0}.blocked_until <= excluded.last_at
    AND ({renewed} OR {0}.failures + {0}.pending < {limit})
RETURNING {2}
"""

_SETTLE: Final = """
INSERT INTO {0}
    (digest, dimension, failures, pending, window_from, last_at, blocked_until)
VALUES {1}
ON CONFLICT (digest) DO UPDATE SET
    failures = CASE WHEN {clears} THEN 0 ELSE {0}.failures + excluded.failures END,
    pending = CASE WHEN {0}.pending > 0 THEN {0}.pending - 1 ELSE 0 END,
    blocked_until = CASE
        WHEN {0}.blocked_until = 0 AND excluded.failures > 0
            AND {0}.failures + excluded.failures >= {limit} THEN {until}
        ELSE {0}.blocked_until END
WHERE {0}.window_from = excluded.window_from
RETURNING {2}
"""


class Rule(NamedTuple):
    """
    What the settings say of one counter; no part of it comes from a client.

    Args:
        dimension: "user" or "terminal".
        limit: failures allowed in a window.
        window: its length in milliseconds.
        until: SQL for the end of a block that begins now.
    """

    dimension: str
    limit: int
    window: int
    until: str


@lru_cache(maxsize=32)
def charge_sql(table: str, rules: tuple[Rule, ...], stale_after: int) -> str:
    """Return the statement that charges where there is room; see `counters.charge`."""
    windows = _by_dimension(rules, [str(one.window) for one in rules])
    renewed = (
        f"({table}.blocked_until > 0 "
        f"OR {table}.window_from <= excluded.last_at - {windows})"
    )
    stale = (
        f"({table}.pending > 0 AND {table}.last_at <= excluded.last_at - {stale_after})"
    )
    return _CHARGE.format(
        table,
        ", ".join(["(%s, %s, 0, 1, %s, %s, 0)"] * len(rules)),
        _COLUMNS,
        renewed=renewed,
        stale=stale,
        limit=_by_dimension(rules, [str(one.limit) for one in rules]),
    )


@lru_cache(maxsize=32)
def settle_sql(table: str, rules: tuple[Rule, ...], clears_user: bool) -> str:
    """Return the statement that settles charges; see `counters.settle`."""
    return _SETTLE.format(
        table,
        ", ".join(["(%s, %s, %s, 0, %s, %s, 0)"] * len(rules)),
        _COLUMNS,
        clears=f"{table}.dimension = 'user'" if clears_user else "1 = 0",
        limit=_by_dimension(rules, [str(one.limit) for one in rules]),
        until=_by_dimension(rules, [one.until for one in rules]),
    )


def _by_dimension(rules: Sequence[Rule], values: Sequence[str]) -> str:
    """Return SQL that picks the value of the row's dimension; all are our own."""
    cases = " ".join(
        f"WHEN '{one.dimension}' THEN {value}"
        for one, value in zip(rules, values, strict=True)
    )
    return f"(CASE excluded.dimension {cases} END)"
