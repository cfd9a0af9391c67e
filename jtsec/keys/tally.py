"""Counts in this process what each cipher seals; needs neither settings nor tables."""

from __future__ import annotations

import os
import threading
from itertools import count

from jtsec.crypto.sm4 import Gcm, Turn


class Tally:
    """Counts without a lock; what was counted is taken once."""

    __slots__ = ("_before", "_lock", "tick")

    def __init__(self) -> None:
        # One call into C, which no other thread comes between.
        self.tick = count().__next__
        self._before = 0
        self._lock = threading.Lock()

    def take(self) -> int:
        """Return how often it ticked since it was last taken."""
        with self._lock:
            ticked = self.tick() - self._before
            self._before += ticked + 1  # the look itself was one
            return ticked

    def put_back(self, number: int) -> None:
        """Count again what was taken and could not be told."""
        with self._lock:
            self._before -= number

    def look(self) -> int:
        """Return the same without taking it."""
        ticked = self.take()
        self.put_back(ticked)
        return ticked


class CountedGcm(Gcm):
    """A cipher that counts what it seals."""

    __slots__ = ("_inner", "_tick")

    def __init__(self, inner: Gcm, tally: Tally) -> None:
        self._inner, self._tick = inner, tally.tick

    def encrypt(self, plaintext: bytes, *, aad: bytes = b"") -> bytes:
        """Seal one value, and count it."""
        self._tick()
        return self._inner.encrypt(plaintext, aad=aad)

    def decrypt(self, blob: bytes, *, aad: bytes = b"") -> bytes:
        """Open one value."""
        return self._inner.decrypt(blob, aad=aad)

    def sealer(self, head: bytes, aad: bytes) -> Turn:
        """Return what seals one value after another, and counts each."""
        tick, seal = self._tick, self._inner.sealer(head, aad)

        def seal_counted(plaintext: bytes) -> bytes:
            tick()
            return seal(plaintext)

        return seal_counted

    def opener(self, start: int, aad: bytes) -> Turn:
        """Return what opens one value after another."""
        return self._inner.opener(start, aad)


TALLIES: dict[str, Tally] = {}  # by the id of the key


def counted(key_id: str, gcm: Gcm) -> Gcm:
    """Return a cipher that counts under a key's id."""
    return CountedGcm(gcm, TALLIES.setdefault(key_id, Tally()))


def _forget_the_parents() -> None:
    """In a fork: what was counted before it is the parent's to tell."""
    for tally in TALLIES.values():
        tally.take()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_the_parents)
