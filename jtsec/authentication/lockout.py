"""
The lockout: reserve, look at the password, settle (A3.2.6, A3.2.7).

    with attempt(login_name, source) as reservation:   # charged and committed
        if password_is_right():
            reservation.succeed()      # the charge back, the user's failures forgotten
        else:
            reservation.spend()        # the charge stays; at the limit it locks

Counting after the check lets as many guesses through as the server has threads. Here a
guess is paid for before the password is looked at, in a transaction of its own that no
rollback of the request undoes. What ends without a verdict, because of the database,
the network or an overload, gives its charge back: it told nobody anything.

The terminal pays also for tries at a locked user; else whoever meets a lock could go on
from name to name for ever.
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from django.db import router

from jtsec.audit.api import record
from jtsec.audit.events import Event
from jtsec.core.apart import apart, one_statement_apart
from jtsec.core.clock import elapsed, now
from jtsec.core.source import Source
from jtsec.identity.api import fold_login_name

from . import counters
from .blocks import note_block
from .conf import authentication_settings
from .counters import Charge, States
from .events import TerminalBlocked, UserLocked
from .exceptions import Locked
from .models import Block, Counter, Dimension

_PRUNE_ONE_IN: Final = 64


class Reservation:
    """One attempt that has been paid for and waits for its verdict."""

    def __init__(
        self, charges: tuple[Charge, ...], windows: Mapping[str, int], source: Source
    ) -> None:
        self._charges = charges
        self._windows = windows
        self._source = source
        self.is_settled = False
        self.has_locked = False
        """Whether this attempt was the one that reached a limit."""

    def refund(self) -> None:
        """Give the charge back: nothing was learnt about the password."""
        self._settle(is_failure=False)

    def succeed(self) -> None:
        """
        Give the charge back and forget the user's failures: the password was right.

        What others have pending stays charged: one good login in the middle of a
        burst of guesses must not hand the burst a fresh counter. The terminal's
        failures stay too, or an attacker with an account would clear them at will.
        """
        self._settle(is_failure=False, clears_user=True)

    def spend(self) -> None:
        """Keep the charge as a failure; lock the user or block the terminal at it."""
        self._settle(is_failure=True)
        if not secrets.randbelow(_PRUNE_ONE_IN):
            prune()

    def _settle(self, *, is_failure: bool, clears_user: bool = False) -> None:
        if self.is_settled:
            return
        self.is_settled = True
        at = _milliseconds()
        # A failure may lock, and a lock is never seen without its history.
        opened = apart(_database()) if is_failure else _write_apart()
        events: list[Event] = []
        with opened as alias:
            states = counters.settle(
                alias,
                self._charges,
                self._windows,
                at,
                is_failure=is_failure,
                clears_user=clears_user,
            )
            if is_failure:
                events = _blocks_of(alias, states, self._charges, self._source)
        self.has_locked = bool(events)
        _announce(events, self._source)


def reserve(login_name: str, source: Source) -> Reservation:
    """
    Pay for one look at a password, before it is looked at.

    Where every place is taken by attempts that are being looked at in this instant,
    wait a little: they are settled in a moment. A whole office behind one address may
    log in at eight o'clock, and guesses in parallel only wait for their own lock.

    Args:
        login_name: what was typed, in any spelling; variants share one counter, and
            names nobody has are counted like any other.
        source: where it comes from.

    Returns:
        The reservation; settle it.

    Raises:
        Locked: the user or the terminal is at its limit; look at no password.
        django.db.Error: nothing could be charged; look at no password.
    """
    end, pause = elapsed() + _patience(), 0.05
    while True:
        try:
            return _reserve_now(login_name, source)
        except Locked as refused:
            if not refused.is_passing or elapsed() + pause > end:
                raise
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads, hides nothing
        pause = min(2 * pause, 0.4)


def _reserve_now(login_name: str, source: Source) -> Reservation:
    charges = charges_for(login_name, source)
    at = _milliseconds()
    with _rows_made(charges, at) as alias:
        states = counters.charge(alias, charges, at)
    windows = {one: state.window_from for one, state in states.items()}
    taken = tuple(one for one in charges if one.dimension in states)
    reservation = Reservation(taken, windows, source)
    if len(taken) < len(charges):
        raise _refuse(reservation, charges, taken, at, source)
    return reservation


@contextmanager
def attempt(login_name: str, source: Source) -> Iterator[Reservation]:
    """
    Reserve for a block that looks at a password; without a verdict, refund.

    Raises:
        Locked: as `reserve`.
    """
    reservation = reserve(login_name, source)
    try:
        yield reservation
    except Exception:
        reservation.refund()
        raise
    reservation.refund()


def charges_for(login_name: str, source: Source) -> tuple[Charge, Charge]:
    """Return what one attempt costs whom, the user's counter first."""
    chosen = authentication_settings()
    minute = 60_000
    return (
        Charge(
            Dimension.USER.value,
            fold_login_name(login_name),
            limit=chosen.user_limit,
            window=chosen.user_window_minutes * minute,
            block=chosen.user_lock_minutes * minute,
        ),
        Charge(
            Dimension.TERMINAL.value,
            source.key,
            limit=chosen.terminal_limit,
            window=chosen.terminal_window_minutes * minute,
            block=chosen.terminal_block_minutes * minute,
        ),
    )


def prune() -> None:
    """
    Remove counters that say nothing any more, so that made-up names fill no disk.

    Called by one failure in 64; a terminal's limit bounds how many rows come between.
    """
    chosen = authentication_settings()
    longest = max(chosen.user_window, chosen.terminal_window)
    before = _milliseconds() - int(longest.total_seconds() * 1000)
    with apart(_database()) as alias:
        old = Counter.objects.using(alias).filter(
            blocked_until__lte=before, last_at__lt=before
        )
        # By key: a range would lock counters that are in use beside it (MySQL).
        old.filter(pk__in=list(old.values_list("pk", flat=True)[:500])).delete()


def _refuse(
    reservation: Reservation,
    charges: tuple[Charge, ...],
    taken: tuple[Charge, ...],
    at: int,
    source: Source,
) -> Locked:
    """Settle what was charged although the attempt is refused, and say why it is."""
    refusing = [one for one in charges if one not in taken]
    full = refusing[-1]  # The terminal, where both refuse: it outranks the user.
    is_blocked = _is_blocked(full, at, source)
    if full.dimension == Dimension.TERMINAL:
        # An attempt nobody looked at must not bring a user nearer to a lock.
        reservation.refund()
        return Locked("terminal-blocked" if is_blocked else "terminal-busy")
    if is_blocked:
        reservation.spend()
        return Locked("user-locked")
    reservation.refund()
    return Locked("user-busy")


def _is_blocked(one: Charge, at: int, source: Source) -> bool:
    """
    Answer whether a full counter is blocked, or only has its places taken right now.

    Places taken by processes that died are failures by now, and block.
    """
    with apart(_database()) as alias:
        found = Counter.objects.using(alias).filter(digest=one.digest).first()
        if found is None or found.blocked_until > at:
            return found is not None
        if found.last_at > at - counters.STALE_AFTER:
            return False
        state = counters.block_stale(alias, one, at)
        states = {} if state is None else {one.dimension: state}
        events = _blocks_of(alias, states, (one,), source)
    _announce(events, source)
    return bool(events)


def _blocks_of(
    alias: str, states: States, charges: tuple[Charge, ...], source: Source
) -> list[Event]:
    """Write the history of what has just reached its limit, once each."""
    made: list[Event] = []
    for one in charges:
        state = states.get(one.dimension)
        if state is None or not state.blocked_until:
            continue
        is_final = state.blocked_until == counters.FOREVER
        block = note_block(
            alias,
            one,
            failures=state.failures,
            until=None if is_final else state.blocked_until,
            source=source,
        )
        if block is not None:
            made.append(_event_of(block))
    return made


def _event_of(block: Block) -> Event:
    until = None if block.until is None else block.until.isoformat()
    if block.dimension == Dimension.USER:
        return UserLocked(
            subject_username=block.subject, failures=block.failures, until=until
        )
    return TerminalBlocked(resource=block.subject, failures=block.failures, until=until)


def _announce(events: list[Event], source: Source) -> None:
    for event in events:
        record(event, source=source)


@contextmanager
def _rows_made(charges: tuple[Charge, ...], at: int) -> Iterator[str]:
    """Open what a charge is written through, all its counters being there."""
    if not counters.knows_upsert(_database()):
        with apart(_database()) as alias:
            counters.make_rows(alias, charges, at)
    with _write_apart() as alias:
        yield alias


def _write_apart() -> AbstractContextManager[str]:
    """Return what opens one write of the counters: one statement, or several."""
    is_one = counters.knows_upsert(_database())
    return one_statement_apart(_database()) if is_one else apart(_database())


def _patience() -> float:
    """Return how many seconds a login waits, for its place as for its hash."""
    return authentication_settings().hashing_wait_seconds


def _milliseconds() -> int:
    return int(now().timestamp() * 1000)


def _database() -> str:
    return router.db_for_write(Counter)
