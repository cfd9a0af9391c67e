"""
How often something may be reported: at once the first time, then in sums.

Kept in the memory of each process, and bounded there. In the database every probe of
an attacker would cost a write, which is what a flood is after. So each process reports
for itself, a restart begins anew, and a process that is killed takes with it what it
had not yet summed up: at most one interval's count, never the first event.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

CAPACITY: Final = 4096
"""Sources that a process remembers."""

LOOK_SECONDS: Final = 1.0
"""Seconds between two looks for sums that are due."""

LONGEST: Final = 3600.0
"""Seconds between two sums."""


@dataclass
class Sum:
    """
    What waits to be told of one thing.

    Args:
        due: when the next sum may be told.
        step: seconds to the one after it.
        waiting: how many were not told yet.
        last: what the last of them was, for the event of the sum.
    """

    due: float
    step: float
    waiting: int
    last: Any


class Tally:
    """Decides what is told, and how many it stands for; shared by all threads."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._sums: OrderedDict[Hashable, Sum] = OrderedDict()
        self._next_look = 0.0
        self._lock = Lock()

    def take(self, key: Hashable, last: Any, at: float, step: float) -> int:
        """
        Count one, and return how many are to be told now, 0 for none.

        Args:
            key: what is counted together.
            last: what to tell of it.
            at: seconds of a clock that never goes back.
            step: seconds until the first sum.
        """
        with self._lock:
            known = self._sums.get(key)
            if known is None:
                self._sums[key] = Sum(at + step, step, 0, last)
                return 1
            known.waiting += 1
            known.last = last
            self._sums.move_to_end(key)
            return self._told(known, at)

    def knows(self, key: Hashable) -> bool:
        """Answer whether something is being counted."""
        return key in self._sums

    def overdue(self, at: float, most: int = 10) -> list[tuple[Any, int]]:
        """
        Return sums that are due though nothing came any more, and forget what is over.

        Args:
            at: seconds, as for `take`.
            most: how many to return.
        """
        told: list[tuple[Any, int]] = []
        with self._lock:
            if at < self._next_look:
                return told
            self._next_look = at + LOOK_SECONDS
            surplus = len(self._sums) - self._capacity
            for number, (key, known) in enumerate(list(self._sums.items())):
                is_surplus = number < surplus
                if not is_surplus and (known.due > at or len(told) >= most):
                    continue
                if known.waiting:
                    told.append((known.last, known.waiting))
                    known.waiting = 0
                    known.due = at + known.step
                elif is_surplus or at > known.due + known.step:
                    del self._sums[key]
        return told

    def clear(self) -> None:
        """Forget everything; for tests."""
        with self._lock:
            self._sums.clear()
            self._next_look = 0.0

    @staticmethod
    def _told(known: Sum, at: float) -> int:
        if at < known.due:
            return 0
        count, known.waiting = known.waiting, 0
        known.step = min(known.step * 2, LONGEST)
        known.due = at + known.step
        return count


class Window:
    """Counts events of many sources within a minute; bounded."""

    def __init__(self, seconds: float = 60.0, capacity: int = CAPACITY) -> None:
        self._seconds = seconds
        self._capacity = capacity
        self._began = 0.0
        self._counts: dict[Hashable, int] = {}
        self._lock = Lock()

    def count(self, key: Hashable, at: float) -> int:
        """Count one and return how many there were of this key in this window."""
        with self._lock:
            is_over = at - self._began >= self._seconds
            if is_over or len(self._counts) > self._capacity:
                self._counts.clear()
                self._began = at
            self._counts[key] = found = self._counts.get(key, 0) + 1
            return found

    def clear(self) -> None:
        """Forget everything; for tests."""
        with self._lock:
            self._counts.clear()
