"""Quarters of the calendar: 2026-Q4 runs from October to December."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from jtsec.core.clock import now
from jtsec.core.exceptions import InputError

QUARTER: Final = re.compile(r"(20\d\d)-Q([1-4])")
MONTHS: Final = 3


def quarter_at(at: datetime) -> str:
    """Return the quarter of a moment, in the project's zone."""
    return _quarter_on(local_date(at))


def this_quarter() -> str:
    """Return the quarter that is running."""
    return quarter_at(now())


def checked_quarter(text: str) -> str:
    """
    Return a quarter in its normal form.

    Raises:
        InputError: it is none; names the field "quarter".
    """
    found = QUARTER.fullmatch(text.strip().upper())
    if found is None:
        message = _("A quarter is written as %(example)s.")
        raise InputError(message % {"example": this_quarter()}, field="quarter")
    return found.group()


def first_day(quarter: str) -> date:
    """Return the day on which a quarter begins."""
    year, number = quarter.split("-Q")
    return date(int(year), (int(number) - 1) * MONTHS + 1, 1)


def before(quarter: str) -> str:
    """Return the quarter before one."""
    day = first_day(quarter)
    if day.month == 1:
        return f"{day.year - 1}-Q4"
    return f"{day.year}-Q{(day.month - 1) // MONTHS}"


def local_date(at: datetime) -> date:
    """Return the day of a moment, in the project's zone."""
    zone = timezone.get_default_timezone()
    return (timezone.localtime(at, zone) if timezone.is_aware(at) else at).date()


def _quarter_on(day: date) -> str:
    return f"{day.year}-Q{(day.month - 1) // MONTHS + 1}"
