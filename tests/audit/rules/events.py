"""A small office whose events a test writes, seals and lets the rules look at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from benchmarks import history, history_writing
from benchmarks.history import Happening
from jtsec.audit.alarms.models import Alarm
from jtsec.audit.rules import api as rules
from jtsec.audit.sealing import api as sealing

VIEW = history.VIEW
CORE = history.CORE
LOGIN = "authentication:login:succeeded"

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai, on a day without anything special."""


def person(number: int = 1, **changed: Any) -> Any:
    """Return somebody of the business, at a desk."""
    known = {
        "uid": f"0190b000-0000-7000-8000-{number:012}",
        "username": f"user{number}",
        "number": number,
        "is_police": True,
        "organisation": "320201000000",
        "duty": "business",
    }
    return SimpleNamespace(**(known | changed))


ZHANG = person()


def happened(
    at: datetime = MONDAY,
    code: str = VIEW,
    who: Any = ZHANG,
    resource: str = "vehicles.vehicle:7",
    address: str = "10.1.0.1",
    subject: str = "",
) -> Happening:
    """Return one event."""
    return Happening(at, code, who, resource, address, "", subject)


def row_of(
    number: int, seconds: float, start: datetime = MONDAY, **changed: Any
) -> list[Happening]:
    """Return events in a row, so many seconds apart."""
    return [
        happened(start + timedelta(seconds=seconds * turn), **changed)
        for turn in range(number)
    ]


def look(*events: Happening | Iterable[Happening]) -> rules.Look:
    """Write events, seal them, and let the rules look."""
    flat = [
        one
        for given in events
        for one in ([given] if isinstance(given, Happening) else given)
    ]
    history_writing.write(flat)
    seal_all()
    return rules.watch()


def seal_all() -> None:
    """Seal whatever is there."""
    while sealing.seal_now():
        pass


def alarms_of(rule: str) -> list[Alarm]:
    """Return the alarms of a rule, the oldest first."""
    return list(Alarm.objects.filter(rule=f"audit:rule:{rule}").order_by("pk"))


def occurrences(rule: str) -> int:
    """Return how often a rule has fired."""
    return sum(alarm.occurrences for alarm in alarms_of(rule))
