"""
Where stored data is under keys: packages that store some say so, rotation asks.

    register_uses("fields", finder)

Counting reads the head of every value in the database, so it is exact at the moment it
is made, and no memory of a run is needed to go on with one that was interrupted.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from .key import Purpose

STRANGE: Final = ""
"""Under this id are counted values that name no key of the ring."""


class Step(NamedTuple):
    """
    What one batch did.

    Args:
        renewed: values now under the active key.
        failed: for each value that was left, where it stands and why, in words.
    """

    renewed: int
    failed: tuple[str, ...] = ()


class Use(ABC):
    """One place where stored data is under keys of one or more purposes."""

    name: str
    """Such as "permits.driver.phone"."""
    purposes: frozenset[Purpose]

    @abstractmethod
    def count(self) -> Mapping[str, int]:
        """Return how many values are under each key id."""

    @abstractmethod
    def waiting(self) -> int:
        """Return how many values `renew` would look at."""

    @abstractmethod
    def renew(self) -> Iterator[Step]:
        """
        Put what is stored under the active keys, batch by batch, beside the traffic.

        Stopped at any point, it has left every value readable, and goes on with what
        is left when it is called again.
        """


Finder = Callable[[], Iterable[Use]]

_finders: dict[str, Finder] = {}


def register_uses(control: str, finder: Finder) -> None:
    """Let a control say where it stores data under keys; called from its wiring."""
    _finders[control] = finder


def uses() -> list[Use]:
    """Return every place where stored data is known to be under keys."""
    return [use for finder in _finders.values() for use in finder()]
