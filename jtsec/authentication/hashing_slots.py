"""
A bound on the password hashes one process computes at the same time.

Every hash takes the memory of its profile. Without a bound forty logins in one instant
take forty times that, and whoever cannot guess a password can still stop the server.
Waiting is bounded too, and ends in a refusal, never in a pass.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .conf import authentication_settings
from .exceptions import Overloaded


class _Slots:
    """The process's slots, made when first asked for."""

    def __init__(self) -> None:
        self.forget()

    def forget(self, **kwargs: Any) -> None:
        """Begin anew: after a fork, and when the setting changed in a test."""
        self._lock = threading.Lock()
        self._semaphore: threading.BoundedSemaphore | None = None

    def semaphore(self) -> threading.BoundedSemaphore:
        """Return the semaphore of this process."""
        with self._lock:
            if self._semaphore is None:
                number = authentication_settings().hashing_slots
                self._semaphore = threading.BoundedSemaphore(number)
            return self._semaphore


_SLOTS = _Slots()
forget_slots = _SLOTS.forget
if hasattr(os, "register_at_fork"):
    # A slot taken by a thread of the parent is never given back in the child.
    os.register_at_fork(after_in_child=_SLOTS.forget)


@contextmanager
def hashing_slot() -> Iterator[None]:
    """
    Take a slot for one hash, waiting for it at most as long as the setting says.

    Raises:
        Overloaded: none came free in time.
    """
    semaphore = _SLOTS.semaphore()
    if not semaphore.acquire(timeout=authentication_settings().hashing_wait_seconds):
        raise Overloaded
    try:
        yield
    finally:
        semaphore.release()
