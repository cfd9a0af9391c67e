"""
The gaps that may still fill: numbers that were passed over and are not settled.

A number below the newest sealed one that shows no record belongs to a transaction that
has not ended, or to one that was rolled back. While nobody knows which, the gap stays
open, and a record that appears in it is sealed late. It is closed when no transaction
runs any more that could fill it; a record that appears after that was put there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from .body import Ranges

MOST: Final = 5_000_000
"""Ids that stored ranges may come to; each of them is held in memory."""


@dataclass(frozen=True)
class Gap:
    """
    A range of ids that is not settled.

    Args:
        low: its first id.
        high: its last id.
        since: when it was first seen, as text in UTC.
        running: the transactions that could fill it; None while not known.
    """

    low: int
    high: int
    since: str
    running: tuple[str, ...] | None = None

    def stored(self) -> list[Any]:
        """Return it as plain values."""
        running = None if self.running is None else list(self.running)
        return [self.low, self.high, self.since, running]

    @classmethod
    def restored(cls, stored: Any) -> Gap:
        """
        Return it from plain values.

        Raises:
            TypeError, ValueError: they are those of no gap.
        """
        low, high, since, running = stored
        datetime.fromisoformat(since)
        if not all(type(one) is int for one in (low, high)) or not 1 <= low <= high:
            raise ValueError("a gap without its ends")
        names = None if running is None else tuple(str(one) for one in running)
        return cls(low, high, since, names)


def missing_between(first: int, last: int, present: Sequence[int]) -> Ranges:
    """
    Return the ids of a range that are not present.

    Args:
        first: the lowest id.
        last: the highest id.
        present: ids within, ascending.
    """
    found: list[tuple[int, int]] = []
    start = first
    for one in present:
        if one > start:
            found.append((start, one - 1))
        start = one + 1
    if start <= last:
        found.append((start, last))
    return tuple(found)


def without(gaps: Iterable[Gap], ids: Sequence[int]) -> Iterator[Gap]:
    """
    Yield what is left of gaps when some ids have turned up.

    Args:
        gaps: the gaps.
        ids: ascending.
    """
    for gap in gaps:
        inside = ids[bisect_left(ids, gap.low) : bisect_right(ids, gap.high)]
        if not inside:
            yield gap
            continue
        for low, high in missing_between(gap.low, gap.high, inside):
            yield replace(gap, low=low, high=high)


def only(gaps: Iterable[Gap], ids: Sequence[int]) -> Iterator[Gap]:
    """Yield a gap of one for each of the ids that lies in one of the gaps."""
    for gap in gaps:
        for one in ids[bisect_left(ids, gap.low) : bisect_right(ids, gap.high)]:
            yield replace(gap, low=one, high=one)


def merged(ids: Iterable[int]) -> list[list[int]]:
    """Return ascending ids as ranges, for storing."""
    ranges: list[list[int]] = []
    for one in ids:
        if ranges and ranges[-1][1] == one - 1:
            ranges[-1][1] = one
        else:
            ranges.append([one, one])
    return ranges


def split(ranges: Iterable[Sequence[int]]) -> list[int]:
    """
    Return the ids of stored ranges.

    Raises:
        TypeError, ValueError: they are none, or more than anybody has stored.
    """
    found = [range(low, high + 1) for low, high in ranges]
    if sum(map(len, found)) > MOST:
        raise ValueError("more ids than there can be")
    return [one for some in found for one in some]


def are_apart(gaps: Sequence[Gap], last: int) -> bool:
    """Answer whether gaps ascend, do not overlap and end with an id or before it."""
    ends = [*((gap.low, gap.high) for gap in gaps), (last + 1, last + 1)]
    return all(one[1] < two[0] for one, two in pairwise(ends))
