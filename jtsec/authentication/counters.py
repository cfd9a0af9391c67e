"""
The counters behind the lockout: one row a user or terminal, changed by one statement.

    counted = failures + pending        failures: wrong passwords of this window
                                        pending:  attempts being looked at right now

`charge` adds to `pending` where there is room, in the statement that looks whether
there is: two attempts can never both take the last place. `settle` turns the pending
charge into a failure, or takes it away. A right password clears the failures and leaves
what others have pending, or one good login among many wrong ones would open the gate.

PostgreSQL and SQLite do both rows of an attempt in one statement, always the user's row
before the terminal's, so that two attempts never wait for each other. MySQL does not
tell which row an upsert changed; there each row takes an UPDATE and a SELECT, and is
made beforehand (`make_rows`).

Times are milliseconds since 1970, so that one comparison serves every database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connections
from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from jtsec.crypto import sm3

from .counter_sql import Rule, charge_sql, settle_sql
from .models import Counter

STALE_AFTER: Final = 120_000
"""
Milliseconds after which a pending charge is of a process that died: no login takes two
minutes. It then counts as a failure; who can crash a worker must not guess for free.
"""

FOREVER: Final = 2**62
"""`blocked_until` of a lock that somebody has to lift."""


@dataclass(frozen=True, slots=True)
class Charge:
    """
    What one attempt wants of one counter.

    Args:
        dimension: "user" or "terminal".
        subject: whose counter.
        limit: failures allowed in a window.
        window: its length in milliseconds.
        block: how long a block lasts, in milliseconds; 0 until it is lifted.
    """

    dimension: str
    subject: str
    limit: int
    window: int
    block: int

    @property
    def digest(self) -> str:
        """Return the counter's key."""
        return digest_of(self.dimension, self.subject)


@dataclass(frozen=True, slots=True)
class State:
    """A counter after a statement of ours."""

    failures: int
    pending: int
    window_from: int
    blocked_until: int


States = Mapping[str, State]
"""By dimension; a counter that was not changed is missing."""


def knows_upsert(alias: str) -> bool:
    """Answer whether a database tells which rows one statement inserted or changed."""
    return connections[alias].vendor in {"postgresql", "sqlite"}


def digest_of(dimension: str, subject: str) -> str:
    """Return the key of a counter and of its blocks."""
    return sm3.hexdigest(f"{dimension}:{subject}".encode("utf-8", "replace"))


def make_rows(alias: str, charges: Sequence[Charge], at: int) -> None:
    """
    Make the counters that are not there yet; where `knows_upsert`, `charge` does.

    In a transaction before that of `charge`: on MySQL an UPDATE that finds no row
    locks the gap, and two of them that then insert into it wait for each other.
    """
    rows = Counter.objects.using(alias)
    digests = [one.digest for one in charges]
    there = set(rows.filter(digest__in=digests).values_list("digest", flat=True))
    rows.bulk_create(
        [
            Counter(
                digest=one.digest,
                dimension=one.dimension,
                pending=0,
                window_from=at,
                last_at=at,
            )
            for one in charges
            if one.digest not in there
        ],
        ignore_conflicts=True,
    )


def charge(alias: str, charges: Sequence[Charge], at: int) -> States:
    """
    Charge each counter that has room and is not blocked.

    Args:
        alias: the database, as `apart` gives it; `one_statement_apart` is enough
            where it `knows_upsert`.
        charges: at most one of a dimension, the user's first.
        at: now, in milliseconds.

    Returns:
        The counters that took the charge.
    """
    if knows_upsert(alias):
        return _charge_in_one(alias, charges, at)
    return {
        one.dimension: state
        for one in charges
        if (state := _charge_row(alias, one, at)) is not None
    }


def settle(
    alias: str,
    charges: Sequence[Charge],
    windows: Mapping[str, int],
    at: int,
    *,
    is_failure: bool,
    clears_user: bool = False,
) -> States:
    """
    Turn pending charges into failures, or take them away.

    A counter whose window was renewed, or which was lifted, since the charge has
    forgotten it already and is left alone.

    Args:
        alias: the database, as for `charge`; for a failure always within a
            transaction, since a lock is written with its history.
        charges: those that were taken.
        windows: the `window_from` each counter had, by dimension.
        at: now, in milliseconds.
        is_failure: whether they become failures.
        clears_user: whether the user's failures are forgotten: the password was right.

    Returns:
        The counters that were changed, now blocked where the limit is reached.
    """
    if not charges:
        return {}
    change = _Settlement(windows, at, is_failure, clears_user)
    if knows_upsert(alias):
        return _settle_in_one(alias, charges, change)
    return {
        one.dimension: state
        for one in charges
        if (state := _settle_row(alias, one, change)) is not None
    }


def block_stale(alias: str, one: Charge, at: int) -> State | None:
    """
    Block a counter that is full of charges nobody will ever settle.

    Returns:
        The counter, now blocked; None where somebody moved it in the meantime.
    """
    changed = (
        _rows(alias, one)
        .filter(
            failures__gte=one.limit - F("pending"),
            blocked_until=0,
            last_at__lte=at - STALE_AFTER,
        )
        .update(
            failures=F("failures") + F("pending"),
            pending=0,
            blocked_until=at + one.block if one.block else FOREVER,
        )
    )
    return _read(alias, one) if changed else None


@dataclass(frozen=True, slots=True)
class _Settlement:
    windows: Mapping[str, int]
    at: int
    is_failure: bool
    clears_user: bool

    def until(self, one: Charge) -> int:
        return self.at + one.block if one.block else FOREVER


def _charge_in_one(alias: str, charges: Sequence[Charge], at: int) -> States:
    values: list[str | int] = []
    for one in charges:
        values += [one.digest, one.dimension, at, at]
    return _run(
        alias, charge_sql(_table(alias), _rules_of(charges), STALE_AFTER), values
    )


def _settle_in_one(
    alias: str, charges: Sequence[Charge], change: _Settlement
) -> States:
    sql = settle_sql(_table(alias), _rules_of(charges), change.clears_user)
    values: list[str | int] = []
    for one in charges:
        window = change.windows[one.dimension]
        failures = int(change.is_failure)
        values += [one.digest, one.dimension, failures, window, change.at]
    return _run(alias, sql, values)


def _rules_of(charges: Sequence[Charge]) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            one.dimension,
            limit=int(one.limit),
            window=int(one.window),
            until=f"excluded.last_at + {int(one.block)}" if one.block else str(FOREVER),
        )
        for one in charges
    )


def _run(alias: str, sql: str, values: Sequence[str | int]) -> States:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    return {row[0]: State(*row[1:]) for row in rows}


def _table(alias: str) -> str:
    return connections[alias].ops.quote_name(Counter._meta.db_table)


def _charge_row(alias: str, one: Charge, at: int) -> State | None:
    # MySQL assigns from left to right and reads what it assigned: each right-hand
    # side may use only columns that stand to its right or are its own.
    renewed = Q(blocked_until__gt=0) | Q(window_from__lte=at - one.window)
    stale = Q(pending__gt=0, last_at__lte=at - STALE_AFTER)
    has_room = renewed | Q(failures__lt=one.limit - F("pending"))
    changed = (
        _rows(alias, one)
        .filter(has_room, blocked_until__lte=at)
        .update(
            failures=_case(
                (renewed, Value(0)),
                (stale, F("failures") + F("pending")),
                otherwise=F("failures"),
            ),
            pending=_case((renewed | stale, Value(1)), otherwise=F("pending") + 1),
            window_from=_case((renewed, Value(at)), otherwise=F("window_from")),
            last_at=at,
            blocked_until=0,
        )
    )
    return _read(alias, one) if changed else None


def _settle_row(alias: str, one: Charge, change: _Settlement) -> State | None:
    added = int(change.is_failure)
    is_cleared = change.clears_user and one.dimension == "user"
    reached = Q(blocked_until=0, failures__gte=one.limit - added)
    changed = (
        _rows(alias, one)
        .filter(window_from=change.windows[one.dimension])
        .update(
            # Before `failures`, which it reads; see `_charge_row`.
            blocked_until=_case(
                (reached if added else Q(pk__isnull=True), Value(change.until(one))),
                otherwise=F("blocked_until"),
            ),
            pending=_case((Q(pending__gt=0), F("pending") - 1), otherwise=Value(0)),
            failures=Value(0) if is_cleared else F("failures") + added,
        )
    )
    return _read(alias, one) if changed else None


def _case(*cases: tuple[Q, Combinable], otherwise: Combinable) -> Case:
    whens = [When(condition, then=value) for condition, value in cases]
    return Case(*whens, default=otherwise, output_field=BigIntegerField())


def _rows(alias: str, one: Charge) -> QuerySet[Counter]:
    return Counter.objects.using(alias).filter(digest=one.digest)


def _read(alias: str, one: Charge) -> State | None:
    """Return the row as our own transaction left it; it is locked until we commit."""
    found = (
        _rows(alias, one)
        .values_list("failures", "pending", "window_from", "blocked_until")
        .first()
    )
    return State(*found) if found else None
