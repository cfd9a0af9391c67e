"""How far a rotation is: said by the ring and by what is stored, by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jtsec.keys import api as keys

RENEWED: Final = frozenset({keys.Purpose.FIELD, keys.Purpose.INDEX})
"""
Purposes whose stored data is put under the new key.

What is under the other ones is evidence or a digest, and is never written again, or is
written again in its own time: their old keys are read with for good.
"""


def count_uses() -> dict[str, int]:
    """Return how many stored values are under each key of a renewed purpose."""
    counted: dict[str, int] = {}
    for use in keys.uses():
        if use.purposes <= RENEWED:
            for key_id, number in use.count().items():
                counted[key_id] = counted.get(key_id, 0) + number
    return counted


def values_left() -> int:
    """Return how many stored values are not under the active keys."""
    return sum(use.waiting() for use in keys.uses() if use.purposes <= RENEWED)


def is_half_done(purpose: keys.Purpose, counted: Mapping[str, int]) -> bool:
    """Answer whether stored data still waits for the key that is active already."""
    return any(key.purpose is purpose and counted.get(key.id) for key in replaced())


def replaced() -> list[keys.Key]:
    """Return the replaced keys of the purposes whose data is renewed."""
    return [
        key
        for purpose in RENEWED
        for key in keys.every(purpose)
        if key.state is keys.State.REPLACED
    ]


def coming_purposes() -> list[keys.Purpose]:
    """Return the purposes for which a key is prepared."""
    return [
        key.purpose
        for purpose in keys.Purpose
        for key in keys.every(purpose)
        if key.state is keys.State.COMING
    ]
