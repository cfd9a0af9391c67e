"""Times as people write them in a filter, and periods that have a name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.core.clock import now

from .exceptions import FilterError

FORM: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?\Z", re.ASCII
)
YEARS: Final = range(1970, 2201)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

PERIODS: Final[Mapping[str, tuple[str | Promise, int]]] = MappingProxyType(
    {
        "day": (gettext_lazy("Today"), 1),
        "week": (gettext_lazy("Last 7 days"), 7),
        "month": (gettext_lazy("Last 30 days"), 30),
        "quarter": (gettext_lazy("Last 90 days"), 90),
        "year": (gettext_lazy("Last 365 days"), 365),
        "all": (gettext_lazy("Whole time"), 0),
    }
)
"""Word in the address: what it is called, and its days; 0 for no limit."""

USUAL: Final = "week"


def begin_of(period: str) -> datetime | None:
    """Return when a period began: a midnight, so that its days are whole days."""
    days = PERIODS[period][1]
    if not days:
        return None
    today = timezone.localtime(now()).date() if settings.USE_TZ else now().date()
    return _midnight(datetime.combine(today - timedelta(days=days - 1), time()))


def parse_moment(field: str, text: str, *, is_end: bool) -> datetime:
    """
    Return a time in the project's zone.

    Args:
        field: whose text it is, for the error.
        text: "2026-07-01", "2026-07-01 08:30" or "2026-07-01 08:30:15".
        is_end: whether it ends a period; a day, a minute or a second that ends one
            lies within it, so that the moment behind it is returned.

    Raises:
        FilterError: it is no such time, or in no year of this system's life.
    """
    found = FORM.match(text.strip())
    try:
        if found is None:
            raise ValueError
        day, clock = found.groups()
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}")
        if moment.year not in YEARS:
            raise ValueError
    except ValueError:
        sentence = _("Write the time as 2026-07-01 or 2026-07-01 08:30.")
        raise FilterError(field, sentence) from None
    if is_end:
        moment += _grain(clock)
    return _midnight(moment)


def to_microseconds(at: datetime) -> int:
    """Return a column's time as a whole number that a cursor can carry."""
    aware = timezone.make_aware(at) if timezone.is_naive(at) else at
    return (aware - EPOCH) // timedelta(microseconds=1)


def from_microseconds(number: int) -> datetime:
    """Return the time of `to_microseconds`, as the column wants it."""
    at = EPOCH + timedelta(microseconds=number)
    return at if settings.USE_TZ else timezone.make_naive(at)


def _grain(clock: str | None) -> timedelta:
    if clock is None:
        return timedelta(days=1)
    return timedelta(minutes=1) if clock.count(":") == 1 else timedelta(seconds=1)


def _midnight(moment: datetime) -> datetime:
    return timezone.make_aware(moment) if settings.USE_TZ else moment
