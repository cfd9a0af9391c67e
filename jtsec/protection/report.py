"""The verification of several tables: verdict, exit code, JSON, and its events."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any, Final

from jtsec.audit.api import boundary, record, record_all

from .events import (
    SealedRowAltered,
    SealedRowUnverifiable,
    SealedTableAltered,
    SealedTableSound,
    SealedTableUnverifiable,
)
from .verifying import Verified

NAMED: Final = 100
"""Rows of a table that get an event each."""


class Exit(IntEnum):
    """Says how a verification ended, as the exit code of the command."""

    SOUND = 0
    BROKEN = 1
    UNKNOWN = 2
    FAILED = 3


@dataclass(frozen=True)
class Report:
    """
    What was found.

    Args:
        tables: of each table.
        seconds: how long it took.
    """

    tables: tuple[Verified, ...]
    seconds: float

    @property
    def exit_code(self) -> Exit:
        """How it ended: what is broken counts before what is not known."""
        codes = {exit_of(one) for one in self.tables}
        return next(one for one in ORDER if one in codes or one is Exit.SOUND)

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "verdict": self.exit_code.name.lower(),
            "tables": [
                {"verdict": exit_of(one).name.lower(), **asdict(one)}
                for one in self.tables
            ],
            "seconds": round(self.seconds, 3),
        }


ORDER: Final = (Exit.BROKEN, Exit.UNKNOWN, Exit.SOUND)


def exit_of(table: Verified) -> Exit:
    """Return the verdict on one table."""
    if table.altered or table.root:
        return Exit.BROKEN
    return Exit.UNKNOWN if table.unknown or table.blocked else Exit.SOUND


def record_report(report: Report) -> None:
    """
    Record what was found of each table; what is broken raises alarms by name.

    Raises:
        AuditUnavailable: it could not be written; the report is true all the same.
    """
    with boundary():
        for one in report.tables:
            record_verified(one)


def record_verified(one: Verified) -> None:
    """Record what was found of one table, see `record_report`."""
    named = one.faults[:NAMED]
    record_all(
        SealedRowUnverifiable(resource=fault.resource, reason=fault.why)
        if fault.why
        else SealedRowAltered(resource=fault.resource, reason="verify")
        for fault in named
    )
    if one.root:
        record(SealedTableAltered(resource=one.table, reason=one.root))
    elif one.blocked or one.unknown:
        why = one.blocked or f"{one.unknown} rows"
        record(SealedTableUnverifiable(resource=one.table, reason=why))
    elif not one.altered and one.serials:
        record(SealedTableSound(resource=one.table, rows=one.rows, serials=one.serials))
