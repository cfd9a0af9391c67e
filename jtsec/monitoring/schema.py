"""What a database consists of, as a mapping, and how two of them differ (P46)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final, NamedTuple


class Kind(StrEnum):
    """Says what a thing in a database is."""

    TABLE = "table"
    COLUMN = "column"
    INDEX = "index"
    UNIQUE = "unique constraint"
    PRIMARY = "primary key"
    FOREIGN = "foreign key"
    CHECK = "check constraint"
    EXCLUSION = "exclusion constraint"
    TRIGGER = "trigger"
    RULE = "rule"
    POLICY = "row policy"
    ROUTINE = "routine"
    VIEW = "view"
    EVENT = "event"
    MIGRATION = "migration"


class Thing(NamedTuple):
    """
    One named thing of a database.

    Args:
        kind: what it is.
        table: the table it belongs to; "" where it belongs to none.
        name: its name; of a nameless constraint what it constrains.
    """

    kind: Kind
    table: str
    name: str


Schema = Mapping[Thing, str]
"""Every thing with its definition, in words that only equal things share."""

NAMED_BY_MACHINES: Final = frozenset(
    {Kind.INDEX, Kind.UNIQUE, Kind.PRIMARY, Kind.FOREIGN, Kind.CHECK, Kind.EXCLUSION}
)
"""
What Django and the databases name by rules that change from release to release.

Such a thing under another name does the same, so only its definition counts. The name
of a trigger counts: it decides in which order the triggers of a table fire.
"""


class Change(StrEnum):
    """Says how the database differs."""

    MISSING = "missing"
    ADDED = "added"
    CHANGED = "changed"


@dataclass(frozen=True)
class Difference:
    """
    One thing that is not as the migrations make it.

    Args:
        change: how it differs.
        kind, table, name: what differs, as in `Thing`.
        expected: the definition that the migrations make; "" where they make none.
        found: the definition in the database; "" where it is not there.
    """

    change: Change
    kind: Kind
    table: str
    name: str
    expected: str = ""
    found: str = ""

    @property
    def place(self) -> str:
        """Its name after that of its table."""
        belongs = self.table and self.kind is not Kind.TABLE
        return f"{self.table}.{self.name}" if belongs else self.name

    def as_dict(self) -> dict[str, str]:
        """Return it for JSON."""
        return {key: str(value) for key, value in asdict(self).items()}


def compare(expected: Schema, found: Schema) -> list[Difference]:
    """
    Return every difference, sorted by table, kind and name.

    A table that no migration makes is somebody else's and counts for nothing, nor
    does what belongs to it: see `unknown_tables`. Of a missing table only itself is
    named.
    """
    known = _tables(expected)
    gone = known - _tables(found)
    ours = {t: text for t, text in found.items() if not t.table or t.table in known}
    there = {
        t: text
        for t, text in expected.items()
        if t.table not in gone or t.kind is Kind.TABLE
    }
    missing = {t: text for t, text in there.items() if t not in ours}
    added = {t: text for t, text in ours.items() if t not in there}
    _forget_renamed(missing, added)
    differences = [
        *(Difference(Change.MISSING, *t, expected=d) for t, d in missing.items()),
        *(Difference(Change.ADDED, *t, found=text) for t, text in added.items()),
        *_changed(there, ours),
    ]
    return sorted(differences, key=lambda one: (one.table, one.kind, one.name))


def unknown_tables(expected: Schema, found: Schema) -> list[str]:
    """Return the tables that no migration of the project makes."""
    return sorted(_tables(found) - _tables(expected))


def _tables(schema: Schema) -> set[str]:
    return {thing.name for thing in schema if thing.kind is Kind.TABLE}


def _forget_renamed(missing: dict[Thing, str], added: dict[Thing, str]) -> None:
    """Take out, in pairs, what is there under another name that nobody chose."""
    for thing, text in list(missing.items()):
        if thing.kind not in NAMED_BY_MACHINES:
            continue
        for other, same in list(added.items()):
            if other[:2] == thing[:2] and same == text:
                del missing[thing], added[other]
                break


def _changed(expected: Schema, found: Schema) -> Iterator[Difference]:
    for thing, text in expected.items():
        other = found.get(thing, text)
        if other != text:
            yield Difference(Change.CHANGED, *thing, expected=text, found=other)
