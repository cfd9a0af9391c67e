"""Alarms about one thing at most once a minute: a page with fifty checks tells once."""

from __future__ import annotations

from typing import Final

from jtsec.audit.api import record
from jtsec.audit.events import Event
from jtsec.core.clock import elapsed

MINUTE: Final = 60.0
MOST: Final = 10_000

_told: dict[str, float] = {}


def alarm(about: str, event: Event) -> None:
    """
    Record an event, unless this process told of the same thing within the minute.

    Args:
        about: the thing, such as a row by its key.
        event: what to record.

    Raises:
        AuditUnavailable: it could not be written; it counts as untold.
    """
    last = _told.get(about)
    if last is not None and elapsed() - last < MINUTE:
        return
    if len(_told) >= MOST:
        _told.clear()
    record(event)
    _told[about] = elapsed()


def forget() -> None:
    """Forget what was told; for tests."""
    _told.clear()
