"""
The boundary: where events of refusals and failures wait for the rollback.

A view that records a refusal and then raises loses the record with its transaction
(`ATOMIC_REQUESTS`). The boundary lies outside of that transaction: it holds the
finished rows and writes them when the transaction has ended, before the response.
What a crash in between would lose is the row, not the logger's copy.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from threading import Lock
from types import TracebackType

from asgiref.sync import sync_to_async

from . import writer
from .exceptions import AuditUnavailable
from .table import Row

logger = logging.getLogger("jtsec.audit")


class Boundary:
    """
    Holds rows until it is left; use it through `audit.api.boundary`.

    The ContextVar carries it into threads and tasks that work for the request. One
    that outlives the request finds it closed and writes at once; so does a forked
    child, which would otherwise write the parent's rows a second time.
    """

    def __init__(self) -> None:
        self._held: list[Row] = []
        self._actions: list[Callable[[], None]] = []
        self._lock = Lock()
        self._is_open = False
        self._process = 0
        self._outer: Boundary | None = None

    def hold(self, rows: list[Row]) -> bool:
        """Keep rows for later, or answer False when nobody would write them."""
        with self._lock:
            if not self._is_open or self._process != os.getpid():
                return False
            self._held.extend(rows)
            return True

    def defer(self, action: Callable[[], None]) -> bool:
        """Keep an action for later, or answer False when nobody would run it."""
        with self._lock:
            if not self._is_open or self._process != os.getpid():
                return False
            self._actions.append(action)
            return True

    def __enter__(self) -> Boundary:
        self._outer = _current.get()
        self._process = os.getpid()
        self._is_open = True
        _current.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()
        if self._is_due():
            self._finish(error)

    async def __aenter__(self) -> Boundary:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()
        if self._is_due():
            # A client that hangs up cancels the task; its refusals are written first.
            await asyncio.shield(sync_to_async(self._finish)(error))

    def _close(self) -> None:
        """End holding; not by token, which a middleware's other thread cannot use."""
        _current.set(self._outer)
        with self._lock:
            self._is_open = False

    def _is_due(self) -> bool:
        is_filled = bool(self._held or self._actions)
        return is_filled and self._process == os.getpid()

    def _finish(self, error: BaseException | None) -> None:
        """Do now what waited, or hand it to the boundary outside of the transaction."""
        rows, self._held = self._held, []
        actions, self._actions = self._actions, []
        if writer.could_be_undone() and self._hand_on(rows, actions):
            return
        try:
            if rows:
                writer.write_to_stay(rows)
        except AuditUnavailable:
            if error is None or isinstance(error, Exception):
                raise
            # An interrupt ends the process; it must not become an ordinary error.
            logger.critical("%d held events could not be written", len(rows))
        finally:
            for action in actions:
                action()

    def _hand_on(self, rows: list[Row], actions: list[Callable[[], None]]) -> bool:
        outer = self._outer
        if outer is None or not outer.hold(rows):
            return False
        return all(outer.defer(action) for action in actions)


_current: ContextVar[Boundary | None] = ContextVar("jtsec_audit_boundary", default=None)


def hold(rows: list[Row]) -> bool:
    """Keep rows in the boundary in force; False when there is none that is open."""
    return any(boundary.hold(rows) for boundary in _in_force())


def defer(action: Callable[[], None]) -> bool:
    """Keep an action likewise."""
    return any(boundary.defer(action) for boundary in _in_force())


def _in_force() -> Iterator[Boundary]:
    """Yield the boundary in force and those around it, the innermost first."""
    boundary = _current.get()
    while boundary is not None:
        yield boundary
        boundary = boundary._outer
