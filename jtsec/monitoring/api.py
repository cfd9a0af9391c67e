"""
The verbs of monitoring (clause P46).

    report = check_schema()
    report.exit_code        0 the same, 1 it differs, 2 cannot compare
    report.differences      each with what was expected and what was found

The expected schema is made, not guessed: the project's migrations run on an empty
database of the same kind, and both are read in the same way. The live one is only
read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from jtsec.audit.api import boundary, record
from jtsec.core.clock import elapsed
from jtsec.core.exceptions import CannotVerify

from . import migrating, mysql_schema, postgresql_schema, sqlite_schema
from .events import SchemaDiffers, SchemaNotCompared, SchemaSame
from .schema import Change, Difference, Kind, Schema, compare, unknown_tables
from .scratch import in_place_of

__all__ = [
    "CannotVerify",
    "Change",
    "Difference",
    "Exit",
    "Kind",
    "Report",
    "Schema",
    "check_schema",
    "expected_schema",
    "live_schema",
    "record_report",
]

READERS: Final[Mapping[str, Callable[[BaseDatabaseWrapper], Schema]]] = (
    MappingProxyType(
        {
            "sqlite": sqlite_schema.read,
            "postgresql": postgresql_schema.read,
            "mysql": mysql_schema.read,
        }
    )
)
PLACES: Final = 10
"""Differences and tables that an event names."""


class Exit(IntEnum):
    """Says how a comparison ended, as the exit code of the command."""

    SAME = 0
    DIFFERENT = 1
    UNKNOWN = 2
    FAILED = 3


@dataclass(frozen=True)
class Report:
    """
    What a comparison found.

    Args:
        database: the alias.
        vendor: the kind of database, as Django calls it.
        differences: what is not as the migrations make it.
        unknown: tables that no migration makes; somebody else's, and no difference.
        things: how many tables, columns and others were expected; 0 when unknown.
        partial: why only missing tables and columns were looked for; "" if all was.
        seconds: how long it took.
    """

    database: str
    vendor: str
    differences: tuple[Difference, ...]
    unknown: tuple[str, ...]
    things: int
    partial: str
    seconds: float

    @property
    def exit_code(self) -> Exit:
        """How it ended: a difference is one, however little was looked at."""
        if self.differences:
            return Exit.DIFFERENT
        return Exit.UNKNOWN if self.partial else Exit.SAME

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "verdict": self.exit_code.name.lower(),
            **vars(self),
            "differences": [one.as_dict() for one in self.differences],
            "seconds": round(self.seconds, 3),
        }


def live_schema(using: str = DEFAULT_DB_ALIAS) -> Schema:
    """
    Return what a database consists of.

    Raises:
        CannotVerify: it is of a kind that cannot be read.
        django.db.Error: it does not answer.
    """
    connection = connections[using]
    return _reader(connection)(connection)


def expected_schema(using: str = DEFAULT_DB_ALIAS) -> Schema:
    """
    Return what the project's migrations make of an empty database of the same kind.

    Raises:
        CannotVerify: no such database can be made, or a migration fails on it.
    """
    live = connections[using]
    read = _reader(live)
    with in_place_of(live) as empty:
        migrating.migrate(empty)
        return read(empty)


def check_schema(
    using: str = DEFAULT_DB_ALIAS, *, expected: Schema | None = None
) -> Report:
    """
    Hold a database against the project's migrations, and name what differs (P46).

    Args:
        using: the alias of the database.
        expected: what `expected_schema` returned before; made anew by default.

    Raises:
        CannotVerify: nothing can be said at all.
        django.db.Error: the database does not answer.
    """
    begin, partial = elapsed(), ""
    live, found = connections[using], live_schema(using)
    differences = migrating.not_applied(live)
    unknown: list[str] = []
    try:
        wanted = expected_schema(using) if expected is None else expected
        differences += compare(wanted, found)
        unknown = unknown_tables(wanted, found)
    except CannotVerify as error:
        wanted, partial = {}, str(error)
        differences += migrating.differences_from_state(live, found)
    return Report(
        database=using,
        vendor=live.vendor,
        differences=tuple(differences),
        unknown=tuple(unknown),
        things=len(wanted),
        partial=partial,
        seconds=elapsed() - begin,
    )


def record_report(report: Report) -> None:
    """
    Record what a comparison found; a difference raises an alarm.

    Raises:
        AuditUnavailable: it could not be written; the report is true all the same.
    """
    resource = f"database:{report.database}"
    with boundary():
        match report.exit_code:
            case Exit.DIFFERENT:
                places = tuple(
                    f"{one.change} {one.kind} {one.place}"
                    for one in report.differences[:PLACES]
                )
                count = len(report.differences)
                record(SchemaDiffers(resource=resource, places=places, count=count))
            case Exit.UNKNOWN:
                record(SchemaNotCompared(resource=resource, reason=report.partial))
            case _:
                others = report.unknown[:PLACES]
                record(
                    SchemaSame(resource=resource, things=report.things, unknown=others)
                )


def _reader(
    connection: BaseDatabaseWrapper,
) -> Callable[[BaseDatabaseWrapper], Schema]:
    reader = READERS.get(connection.vendor)
    if reader is None:
        raise CannotVerify(f"the schema of {connection.vendor} cannot be read")
    return reader
