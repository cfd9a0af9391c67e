"""The time a report is about: whole days, in the time zone of the project."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from jtsec.core.clock import now
from jtsec.core.exceptions import InputError

LONGEST = timedelta(days=400)
"""A year and a month: what a report of one run may look through."""

EPOCH = date(1970, 1, 1)
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Period:
    """
    Days from the first to the last, both included.

    Args:
        first: the first day.
        last: the last day.
    """

    first: date
    last: date

    def __str__(self) -> str:
        if self.first == self.last:
            return self.first.isoformat()
        return _("%(first)s to %(last)s") % {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
        }

    @property
    def since(self) -> datetime:
        """Return its first moment."""
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        """Return the first moment after it."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def days(self) -> list[date]:
        """Return its days in order."""
        length = (self.last - self.first).days + 1
        return [self.first + timedelta(days=number) for number in range(length)]

    @property
    def is_over(self) -> bool:
        """Answer whether all of it lies in the past; else a report is preliminary."""
        return self.last < today()


def day_of(text: str) -> Period:
    """
    Return the period of one day.

    Args:
        text: "2026-11-22".

    Raises:
        InputError: no day, or one that has not begun.
    """
    day = _day(text, "period")
    return _begun(Period(day, day))


def month_of(text: str) -> Period:
    """
    Return the period of one month.

    Args:
        text: "2026-11".

    Raises:
        InputError: no month, or one that has not begun.
    """
    if not _MONTH.fullmatch(text):
        raise _wrong("period", _("Give a month as 2026-11."))
    first = _day(f"{text}-01", "period")
    length = calendar.monthrange(first.year, first.month)[1]
    return _begun(Period(first, first.replace(day=length)))


def between(first: str, last: str) -> Period:
    """
    Return the period between two days.

    Raises:
        InputError: no days, the wrong way round, too long, or not begun.
    """
    period = Period(_day(first, "first"), _day(last, "last"))
    if period.last < period.first:
        raise _wrong("last", _("The last day lies before the first."))
    if period.last - period.first > LONGEST:
        raise _wrong("last", _("A report covers at most 400 days."))
    return _begun(period)


def last_month() -> str:
    """Return the month before this one, as `month_of` takes it."""
    return f"{today().replace(day=1) - timedelta(days=1):%Y-%m}"


def today() -> date:
    """Return the date in the time zone of the project."""
    moment = now()
    aware = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    return timezone.localtime(aware).date()


def _begun(period: Period) -> Period:
    if period.first > today():
        raise _wrong("period", _("That time has not begun."))
    return period


def _day(text: str, field: str) -> date:
    try:
        if not _DAY.fullmatch(text):
            raise ValueError(text)
        day = date.fromisoformat(text)
        # The first year has no beginning in Greenwich, where databases count.
        if day < EPOCH:
            raise ValueError(text)
        return day
    except ValueError as error:
        raise _wrong(field, _("Give a day as 2026-11-22.")) from error


def _wrong(field: str, sentence: str) -> InputError:
    return InputError(sentence, field=field, code="period")


def _midnight(day: date) -> datetime:
    """Return a day's first moment as the column `at` has it."""
    midnight = datetime.combine(day, time.min)
    return timezone.make_aware(midnight) if settings.USE_TZ else midnight
