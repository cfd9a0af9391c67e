"""
Names two rows that have changed places.

Each of the two is authentic: its check value is right and its columns fit. Only the
root tells that they do not stand where they were written. Which two it was is tried
out: rows that are out of the order in which events happen are exchanged until the root
is the signed one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import CheckpointBody
from jtsec.crypto import merkle

from .leaves import leaf_of

LARGEST: Final = 100_000
"""Members of a checkpoint of which so many are at most looked at in memory."""

ALL: Final = 48
"""Members of a checkpoint that are all tried, in whatever order they are."""

SUSPECTS: Final = 96
"""Rows out of order that are tried at most, each with each: some thousand roots."""

Content = tuple[str, bytes, bytes]
"""Key of the check value, check value, canonical bytes."""


@dataclass(frozen=True)
class Stand:
    """Rows of one checkpoint: where they stand and what they hold."""

    root: bytes
    ids: list[int]
    contents: list[Content]
    levels: list[list[bytes]]

    def root_with(self, changes: dict[int, bytes]) -> bytes:
        """Return the root that it would have with some other leaves."""
        for level in self.levels[:-1]:
            above: dict[int, bytes] = {}
            for at, changed in changes.items():
                left = at & ~1
                if left + 1 == len(level):
                    above[at >> 1] = changed
                    continue
                pair = [changes.get(one, level[one]) for one in (left, left + 1)]
                above[at >> 1] = merkle.node_hash(*pair)
            changes = above
        return changes.get(0, self.levels[-1][0])


def stand_of(body: CheckpointBody, using: str) -> Stand | None:
    """Return the rows of a checkpoint, None where they are not all there."""
    if not 1 < body.count <= LARGEST:
        return None
    rows = _rows(body, using)
    if [row[0] for row in rows] != list(body.members()):
        return None
    levels = [[leaf_of(*row) for row in rows]]
    while len(levels[-1]) > 1:
        levels.append(_above(levels[-1]))
    contents = [(row[1], bytes(row[2]), bytes(row[3])) for row in rows]
    return Stand(body.root, [row[0] for row in rows], contents, levels)


def exchanged_within(stand: Stand) -> tuple[int, int] | None:
    """Return the ids of two rows of one checkpoint that have changed places."""
    for one, two in combinations(_suspects(stand), 2):
        changes = {one: _leaf(stand, one, stand, two)}
        changes[two] = _leaf(stand, two, stand, one)
        if stand.root_with(changes) == stand.root:
            return stand.ids[one], stand.ids[two]
    return None


def exchanged_between(first: Stand, second: Stand) -> tuple[int, int] | None:
    """Return the ids of two rows of two checkpoints that have changed places."""
    for one in _suspects(first):
        for two in _suspects(second):
            if first.root_with({one: _leaf(first, one, second, two)}) != first.root:
                continue
            if second.root_with({two: _leaf(second, two, first, one)}) == second.root:
                return first.ids[one], second.ids[two]
    return None


def _leaf(place: Stand, at: int, source: Stand, index: int) -> bytes:
    """Return the leaf of a place with the content of another."""
    return leaf_of(place.ids[at], *source.contents[index])


def _suspects(stand: Stand) -> list[int]:
    """
    Return the places whose content is out of order, and those beside them.

    Event numbers begin with the time. Those that are no part of the longest ascending
    row of them are out of order; of two neighbours that were exchanged only one is.
    """
    if len(stand.ids) <= ALL:
        return list(range(len(stand.ids)))
    outside = _outside_longest([_event_time(content[2]) for content in stand.contents])
    near = {at + step for at in outside for step in (-1, 0, 1)}
    return sorted(at for at in near if 0 <= at < len(stand.ids))[:SUSPECTS]


def _event_time(payload: bytes) -> bytes:
    """Return the time that a row's content states; the bytes sort as the times do."""
    start = payload.find(b'"at":"')
    return payload[start + 6 : start + 33] if start >= 0 else b""


def _outside_longest(values: Sequence[bytes]) -> list[int]:
    """Return the places that are no part of the longest row that never descends."""
    tails: list[bytes] = []
    ends: list[int] = []
    before: list[int] = []
    for at, value in enumerate(values):
        length = bisect_right(tails, value)
        before.append(ends[length - 1] if length else -1)
        if length == len(tails):
            tails.append(value)
            ends.append(at)
        else:
            tails[length], ends[length] = value, at
    inside = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        inside.add(at)
        at = before[at]
    return [at for at in range(len(values)) if at not in inside]


def _above(level: list[bytes]) -> list[bytes]:
    pairs = zip(level[::2], level[1::2], strict=False)
    above = [merkle.node_hash(left, right) for left, right in pairs]
    return above + (level[-1:] if len(level) % 2 else [])


def _rows(body: CheckpointBody, using: str) -> list[tuple[Any, ...]]:
    rows = AuditRecord.objects.using(using).order_by("id")
    columns = ("id", "mac_key_id", "mac", "payload")
    late: list[tuple[Any, ...]] = []
    for start in range(0, len(body.late), 500):
        some = body.late[start : start + 500]
        late += rows.filter(pk__in=some).values_list(*columns)
    if body.last < body.first:
        return late
    fresh = rows.filter(pk__gte=body.first, pk__lte=body.last).values_list(*columns)
    return late + [row for row in fresh[: LARGEST * 2] if body.has_member(row[0])]
