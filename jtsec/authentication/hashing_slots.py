"""
A bound on the password hashes one process computes at the same time, and their memory.

Every hash takes the memory of its profile. Without a bound forty logins in one instant
take forty times that, and whoever cannot guess a password can still stop the server.
Waiting is bounded too, and ends in a refusal, never in a pass.

Each slot has a thread of its own that computes its hashes. The C library keeps freed
memory for the thread that took it; were hashes computed in the server's threads, each
of those would keep a hash's worth for good.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from queue import Empty, LifoQueue, SimpleQueue
from typing import Any, TypeVar

from .conf import authentication_settings
from .exceptions import Overloaded

T = TypeVar("T")


class Slot:
    """A place in which one hash at a time is computed, by the slot's own thread."""

    def __init__(self) -> None:
        self._inbox: SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def run(self, function: Callable[[], T]) -> T:
        """
        Return what a function returns, or raise what it raises; it runs in the thread.

        It must touch neither the database nor the context of the request: both belong
        to the thread of the request, which waits here.
        """
        if self._thread is None or not self._thread.is_alive():
            # A daemon: a hash that nobody waits for any more holds up no shutdown.
            thread = threading.Thread(target=self._work, name="jtsec-hash", daemon=True)
            thread.start()
            self._thread = thread
        outcome: Future[T] = Future()
        self._inbox.put((function, outcome))
        return outcome.result()

    def _work(self) -> None:
        while True:
            function, outcome = self._inbox.get()
            try:
                outcome.set_result(function())
            # Whatever it is, it belongs to who waits; the thread goes on.
            except BaseException as error:
                outcome.set_exception(error)
            # Else a secret stays in memory until the next login.
            del function, outcome


class _Slots:
    """The process's slots, made when first asked for."""

    def __init__(self) -> None:
        self.forget()

    def forget(self, **kwargs: Any) -> None:
        """Begin anew: after a fork, and when the setting changed in a test."""
        self._lock = threading.Lock()
        self._free: LifoQueue[Slot] | None = None

    def free(self) -> LifoQueue[Slot]:
        """Return the free slots; the last one used is the next, its memory is there."""
        with self._lock:
            if self._free is None:
                self._free = LifoQueue()
                for _ in range(authentication_settings().hashing_slots):
                    self._free.put(Slot())
            return self._free


_SLOTS = _Slots()
forget_slots = _SLOTS.forget
if hasattr(os, "register_at_fork"):
    # The child has none of the parent's threads, and a slot that one of them had taken
    # is never given back there.
    os.register_at_fork(after_in_child=_SLOTS.forget)


@contextmanager
def hashing_slot() -> Iterator[Slot]:
    """
    Take a slot for one hash, waiting for it at most as long as the setting says.

    Raises:
        Overloaded: none came free in time.
    """
    free = _SLOTS.free()
    try:
        slot = free.get(timeout=authentication_settings().hashing_wait_seconds)
    except Empty:
        raise Overloaded from None
    try:
        yield slot
    finally:
        free.put(slot)
