"""
What the log itself does not know: who is meant by a number, which offices lie below.

The audit lies below the identities; rows hold text and outlive whom they name. Who
knows people and organisations registers a directory here from its wiring. Without one,
a user is found by the name in the row and an organisation by its code.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

MOST_PEOPLE: Final = 50
"""People one text may mean; more are asked for by number or UID."""


@dataclass(frozen=True)
class Person:
    """Somebody the directory knows: whose rows have this UID."""

    uid: str
    username: str
    name: str
    number: str


class Directory(Protocol):
    """Answers about people and organisations as they are now."""

    def people(self, text: str) -> Collection[Person]:
        """
        Return whom a name, login name, police or employee number or UID means.

        Of more than `MOST_PEOPLE` one more is enough.
        """

    def people_of(self, uids: Collection[str]) -> Mapping[str, Person]:
        """Return the people of some UIDs."""

    def codes_below(self, code: str) -> Collection[str]:
        """Return the codes of the organisations below one in the tree."""

    def organisations(self) -> Mapping[str, str]:
        """Return every organisation's name by its code, in the order of a list."""


class _Nobody:
    def people(self, text: str) -> Collection[Person]:
        return ()

    def people_of(self, uids: Collection[str]) -> Mapping[str, Person]:
        return {}

    def codes_below(self, code: str) -> Collection[str]:
        return ()

    def organisations(self) -> Mapping[str, str]:
        return {}


_directory: Directory = _Nobody()


def register_directory(directory: Directory) -> None:
    """Let somebody who knows people and organisations answer; called once, at start."""
    global _directory  # noqa: PLW0603 - the one seam between low and high
    _directory = directory


def directory() -> Directory:
    """Return who answers."""
    return _directory
