"""
The hour of an event as every database can group by it, and what is made of it.

Grouping by the hour of Greenwich needs no tables of time zones, which MySQL may lack,
and no function of Python's called for each row, as SQLite would. Days and hours of the
project's zone are put together here, from a few thousand groups. Where a zone lies half
an hour off, an hour counts for the day and hour in which it begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Substr, TruncHour
from django.utils import timezone

from jtsec.core.clock import now


def hour_expression(vendor: str) -> Any:
    """Return what rows are grouped by, for a database's vendor."""
    if vendor == "sqlite":
        # Kept as text, "2026-07-01 08:30:15"; the beginning of it is the hour.
        return Substr(Cast(F("at"), CharField()), Value(1), Value(13))
    return TruncHour("at", tzinfo=UTC if settings.USE_TZ else None)


def local_hour(value: Any) -> datetime:
    """Return the beginning of a group's hour in the project's zone."""
    if isinstance(value, str):
        value = datetime.fromisoformat(f"{value}:00")
        value = value.replace(tzinfo=UTC) if settings.USE_TZ else value
    found: datetime = value
    return timezone.localtime(found) if settings.USE_TZ else found


def days_between(since: datetime | None, until: datetime | None) -> Iterator[date]:
    """
    Yield the days of a period in the project's zone, none that is to come.

    Args:
        since: its beginning; None gives no days.
        until: its end, exclusive; None for now.
    """
    if since is None:
        return
    end = min(until - timedelta(microseconds=1), now()) if until else now()
    day, last = _day_of(since), _day_of(end)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _day_of(moment: datetime) -> date:
    return (timezone.localtime(moment) if timezone.is_aware(moment) else moment).date()
