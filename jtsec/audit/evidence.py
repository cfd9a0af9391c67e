"""What the audit can prove for the compliance report."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, connections, router

from jtsec.core.evidence import Fact
from jtsec.core.exceptions import CannotVerify, ConfigurationError
from jtsec.keys import api as keys

from . import immutability
from .conf import audit_settings
from .events import declared_events
from .exceptions import RecordAltered
from .models import AuditRecord
from .payload import TEXT_COLUMNS
from .probe import accepted_changes
from .verification import verify_record

SAMPLE = 200
"""Newest rows the report verifies; the whole log is verified by its own command."""


def facts() -> Iterator[Fact]:
    """Yield what was measured just now."""
    yield Fact(
        "A5.1",
        "Events that can be recorded, each declared with a code",
        bool(declared_events()),
        len(declared_events()),
    )
    yield Fact(
        "A5.2",
        "Elements every event holds",
        True,
        ["time", "severity", "police officer", *TEXT_COLUMNS],
    )
    yield _keys_at_hand()
    yield _append_only()
    yield _sample_verifies()
    days = audit_settings().retention_days
    yield Fact("A5.9", "Days an event stays", days >= 365, days)


def _keys_at_hand() -> Fact:
    statement = "Keys that authenticate events and encrypt their details"
    try:
        found = [
            keys.active(purpose).id
            for purpose in (keys.Purpose.AUDIT_MAC, keys.Purpose.AUDIT_DETAIL)
        ]
    except ConfigurationError as error:
        return Fact("A5.8", statement, False, str(error))
    return Fact("A5.8", statement, True, found)


def _append_only() -> Fact:
    statement = "The database refuses UPDATE and DELETE on the audit table"
    alias = router.db_for_write(AuditRecord)
    try:
        faults = [
            *immutability.missing(connections[alias]),
            *accepted_changes(alias),
        ]
    except DatabaseError as error:
        return Fact("A5.8", statement, None, str(error))
    return Fact("A5.8", statement, not faults, faults)


def _sample_verifies() -> Fact:
    statement = "Newest events whose check value and columns were verified"
    altered: list[str] = []
    count = 0
    try:
        for row in AuditRecord.objects.order_by("-id")[:SAMPLE]:
            count += 1
            try:
                verify_record(row)
            except RecordAltered as error:
                altered.append(str(error))
    except (DatabaseError, CannotVerify) as error:
        return Fact("A5.8", statement, None, str(error))
    return Fact("A5.8", statement, not altered, altered or count)
