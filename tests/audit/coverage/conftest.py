"""Registers the models of these tests, and reads what was recorded of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from jtsec.audit.coverage import attacks
from jtsec.audit.details import open_details
from jtsec.audit.models import AuditRecord
from jtsec.audit.verification import verify_record

MODELS = [
    "plainapp.Station",
    "plainapp.Note",
    "plainapp.Skill",
    "plainapp.Guard",
    "plainapp.Chief",
    "plainapp.Shift",
    "plainapp.Seat",
]


class Told:
    """One event as a test reads it."""

    def __init__(self, row: AuditRecord) -> None:
        payload = verify_record(row)
        data, sealed = payload["data"], open_details(payload)
        self.code = row.code.removeprefix("audit:")
        self.resource = row.resource
        self.before = {
            **data.get("before", {}),
            **(sealed.get("sensitive_before") or {}),
        }
        self.after = {**data.get("after", {}), **(sealed.get("sensitive_after") or {})}
        self.data = data
        self.sealed = sealed
        self.payload = payload
        self.row = row

    def __repr__(self) -> str:
        return f"{self.code} {self.resource} {self.before} -> {self.after} {self.data}"


@pytest.fixture
def registered(settings: Any, db: None) -> None:
    """Register every model but one."""
    settings.JTSEC_AUDIT_MODELS = MODELS


@pytest.fixture
def told(db: None) -> Callable[[], list[Told]]:
    """Give a function that returns what was recorded since it was last called."""
    last = [newest()]

    def since() -> list[Told]:
        rows = AuditRecord.objects.filter(pk__gt=last[0], code__startswith="audit:")
        found = [Told(row) for row in rows.order_by("pk")]
        last[0] = newest()
        return found

    return since


@pytest.fixture(autouse=True)
def fresh_tally() -> Iterator[None]:
    """Count attacks anew in each test."""
    attacks.forget()
    yield
    attacks.forget()


def newest() -> int:
    """Return the number of the newest event."""
    return AuditRecord.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
