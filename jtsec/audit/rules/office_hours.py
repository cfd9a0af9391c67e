"""
When the office is open: times, weekdays, holidays.

The calendar of holidays is kept above the audit, by who lets people log in; it is
registered from there. A day it names otherwise than its weekday says, is what it says.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, Final

from jtsec.core.exceptions import JtsecError

from .conf import rule_settings
from .sighting import date_of, weekday_of

logger = logging.getLogger("jtsec.audit")

SATURDAY: Final = 6
WEEK: Final = 7

_calendar: list[Callable[[date], bool]] = []


def register_calendar(is_workday: Callable[[date], bool]) -> None:
    """Let a calendar of holidays be asked; called once, from the wiring above."""
    _calendar[:] = [is_workday]


def is_open(days: Days, day: int, minute: int, limits: Any) -> bool:
    """
    Answer whether a moment lies in office hours.

    Hours over midnight belong to the day on which they begin.
    """
    weekdays = limits.weekdays
    for begin, end in windows_of(limits.times):
        if begin < end:
            if begin <= minute < end and days.is_worked(day, weekdays):
                return True
        elif (minute >= begin and days.is_worked(day, weekdays)) or (
            minute < end and days.is_worked(day - 1, weekdays)
        ):
            return True
    return False


def night_of(day: int, minute: int, limits: Any) -> int:
    """Return the day a closed moment is counted to; the small hours are yesterday's."""
    opens = min((begin for begin, _ in windows_of(limits.times)), default=0)
    return day - 1 if minute < opens else day


@lru_cache(maxsize=256)
def windows_of(times: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Return times of day as minutes."""
    return tuple(
        (_minute(begin), _minute(end))
        for begin, end in (text.split("-") for text in times)
    )


class Days:
    """Remembers, for one look at the log, which days are worked."""

    def __init__(self) -> None:
        settings = rule_settings()
        self._holidays = frozenset(settings.holidays)
        self._workdays = frozenset(settings.workdays)
        self._named: dict[int, bool | None] = {}

    def is_worked(self, day: int, weekdays: tuple[int, ...]) -> bool:
        """Answer whether a day is worked by people with these weekdays."""
        if day not in self._named:
            self._named[day] = self._find(day)
        named = self._named[day]
        # Who works on all days of the week works on holidays too.
        if named is None or len(weekdays) == WEEK:
            return weekday_of(day) in weekdays
        return named

    def _find(self, day: int) -> bool | None:
        """Return what a day was named, None for an ordinary one."""
        text = date_of(day).isoformat()
        if text in self._workdays:
            return True
        if text in self._holidays:
            return False
        for is_workday in _calendar:
            try:
                worked = is_workday(date_of(day))
            except JtsecError:
                logger.exception("the calendar cannot be believed; weekdays count")
                return None
            if worked is not (weekday_of(day) < SATURDAY):
                return worked
        return None


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
