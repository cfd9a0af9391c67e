"""
An event as the rules see it: what they compare, in forms that compare fast.

The day and the minute are those of the project's time zone: hours are the office's.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.utils import timezone

from jtsec.audit.coverage.api import is_core_model
from jtsec.audit.events import declared_events

from .reading import Row

EPOCH: Final = date(1970, 1, 1)
QUARTER: Final = 900
LONGEST_KIND: Final = 48
OF_MODELS: Final = ("audit:model:", "audit:relation:")
"""How the codes of what happens to rows begin, whichever model they are of."""


class Sighting:
    """
    One event.

    Attributes:
        row: the row of the log.
        second: when, in seconds since 1970.
        day: the local day, counted from 1970-01-01.
        minute: the minute of that day.
        code: the event's code.
        is_core: whether it belongs to a core function.
    """

    __slots__ = ("code", "day", "is_core", "minute", "row", "second")

    code: str
    day: int
    minute: int
    is_core: bool
    row: Row
    second: float

    def __init__(self, row: Row) -> None:
        at = row.at if row.at.tzinfo else timezone.make_aware(row.at)
        self.row = row
        self.second = at.timestamp()
        local = int(self.second) + _offset(int(self.second) // QUARTER)
        self.day, rest = divmod(local, 86_400)
        self.minute = rest // 60
        self.code = row.code
        self.is_core = _is_core(row.code) or _is_of_core_model(row)

    @property
    def activity(self) -> str:
        """What was done, and with what kind of thing: the code, then "app.model"."""
        kind, colon, _ = self.row.resource.partition(":")
        if not colon or len(kind) > LONGEST_KIND or "/" in kind:
            return self.code
        return f"{self.code} {kind}"


def weekday_of(day: int) -> int:
    """Return the weekday of a day, 1 for Monday; 1970 began on a Thursday."""
    return (day + 3) % 7 + 1


def date_of(day: int) -> date:
    """Return a day as a date."""
    return EPOCH + timedelta(days=day)


def day_of(moment: datetime) -> int:
    """Return the local day of a moment."""
    second = int(moment.timestamp())
    return (second + _offset(second // QUARTER)) // 86_400


@lru_cache(maxsize=4096)
def _offset(quarter: int) -> int:
    """Return by how many seconds local time is ahead; that changes at quarters."""
    at = datetime.fromtimestamp(quarter * QUARTER, UTC)
    ahead: Any = at.astimezone(timezone.get_default_timezone()).utcoffset()
    return int(ahead.total_seconds())


def _is_of_core_model(row: Row) -> bool:
    """Answer whether a row of a core model was changed; its code is that of any."""
    if not row.code.startswith(OF_MODELS):
        return False
    return is_core_model(row.resource.partition(":")[0])


@lru_cache(maxsize=4096)
def _is_core(code: str) -> bool:
    declared = declared_events().get(code)
    return declared is not None and declared.declaration.core
