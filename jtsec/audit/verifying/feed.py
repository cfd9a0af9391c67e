"""Rows that are taken as the checkpoints call for them, in one pass over the ids."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from jtsec.audit.sealing.api import CheckpointBody

from .piece import Piece

Range = tuple[int, int]


class Feed:
    """
    Hands out rows up to an id, each once.

    Args:
        pieces: rows, ascending by id; taken only as far as they are needed.
    """

    def __init__(self, pieces: Iterator[Piece]) -> None:
        self._pieces = pieces
        self._rest = Piece()

    def take(self, last: int) -> Piece:
        """Return the rows that were not taken yet, up to an id."""
        taken = Piece()
        while True:
            rest = self._rest
            if not rest.ids:
                following = next(self._pieces, None)
                if following is None:
                    return taken
                rest = self._rest = following
            end = bisect_right(rest.ids, last)
            if end:
                _move(rest, end, taken)
            if rest.ids:
                return taken


def _move(source: Piece, end: int, target: Piece) -> None:
    """Move the first rows of a piece to the end of another."""
    if end == len(source.ids) and not target.ids:
        target.ids, target.leaves = source.ids, source.leaves
        target.faults.update(source.faults)
        source.ids, source.leaves, source.faults = array("q"), [], {}
        return
    last = source.ids[end - 1]
    target.ids.extend(source.ids[:end])
    target.leaves.extend(source.leaves[:end])
    del source.ids[:end]
    del source.leaves[:end]
    for one in [one for one in source.faults if one <= last]:
        target.faults[one] = source.faults.pop(one)


@dataclass
class Members:
    """
    The rows of a checkpoint's range, sorted out.

    Args:
        ids: those that are members.
        leaves: their leaves, in the same order.
        strays: rows that stand in gaps, with their leaves.
        missing: ids of members that are not there, as ranges.
    """

    ids: array[int] = field(default_factory=lambda: array("q"))
    leaves: list[bytes] = field(default_factory=list)
    strays: list[tuple[int, bytes]] = field(default_factory=list)
    missing: list[Range] = field(default_factory=list)


def members_among(body: CheckpointBody, rows: Piece) -> Members:
    """
    Sort out the rows up to the end of a checkpoint's range.

    Args:
        body: what the checkpoint says; the late ones are another's matter.
        rows: all rows that are there up to its last id.
    """
    wanted = body.count - len(body.late)
    ids = rows.ids
    if (
        not body.gaps
        and len(ids) == wanted
        and (not wanted or (ids[0] == body.first and ids[-1] == body.last))
    ):
        # As many different ids as the range has: nothing to sort out.
        return Members(ids, rows.leaves)
    found = Members()
    at = 0
    for low, high in body.runs():
        start, end = bisect_left(ids, low, at), bisect_right(ids, high, at)
        found.strays += zip(ids[at:start], rows.leaves[at:start], strict=True)
        found.ids.extend(ids[start:end])
        found.leaves += rows.leaves[start:end]
        if end - start != high - low + 1:
            found.missing += absent(low, high, ids[start:end])
        at = end
    found.strays += zip(ids[at:], rows.leaves[at:], strict=True)
    return found


def absent(low: int, high: int, present: array[int]) -> Iterator[Range]:
    """Yield the ids of a range that are not present, as ranges."""
    for one in present:
        if one > low:
            yield low, one - 1
        low = one + 1
    if low <= high:
        yield low, high
