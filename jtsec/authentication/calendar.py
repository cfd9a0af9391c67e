"""
Working days: Monday to Friday, but for the days the calendar names otherwise.

Public holidays in China move working days onto weekends and back, and are announced
year by year; so the calendar is a table that an administrator fills. It is read at
most once a minute in each process, and only for accounts bound to working days.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import router, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.clock import elapsed
from jtsec.core.exceptions import InputError
from jtsec.fields.api import apply_seal, check_seal

from .authority import require_authority, required_reason
from .events import CalendarChanged
from .models import CalendarDay

KEPT_SECONDS = 60.0
SATURDAY = 6

_kept: tuple[float, Mapping[date, bool]] | None = None


def local(at: datetime) -> datetime:
    """
    Return a moment in the project's time zone, whatever zone a visitor has chosen.

    Hours are the office's; a visitor who could move them could come at night.
    """
    if timezone.is_naive(at):
        return at
    return timezone.localtime(at, timezone.get_default_timezone())


def is_workday(day: date) -> bool:
    """
    Answer whether a day is worked.

    Raises:
        VerifiedFalse, CannotVerify: the calendar was altered, or cannot be verified.
    """
    named = _named_days().get(day)
    return day.isoweekday() < SATURDAY if named is None else named


def set_days(days: Mapping[date, bool], *, reason: str, name: str = "") -> None:
    """
    Declare days as working (True) or free (False).

    Args:
        days: what each day is.
        reason: why, for the audit.
        name: the occasion, such as a festival.

    Raises:
        Refused: the actor's duty does not include this.
        InputError: no day, or no reason.
    """
    require_authority("set-calendar")
    reason = required_reason(reason)
    if not days:
        raise InputError(_("No day was named."), field="days", code="empty")
    with transaction.atomic(using=router.db_for_write(CalendarDay)):
        found = CalendarDay.objects.select_for_update().filter(date__in=days)
        before = {str(row.date): row.is_working for row in found}
        CalendarDay.objects.filter(date__in=days).delete()
        for day, is_working in days.items():
            row = CalendarDay(date=day, is_working=is_working, name=name)
            apply_seal(row)
            row.save(force_insert=True)
        after = {str(day): is_working for day, is_working in days.items()}
        record(CalendarChanged(reason=reason, before=before, after=after))
    forget_days()


def forget_days() -> None:
    """Drop what this process has read; others follow within a minute."""
    global _kept  # noqa: PLW0603 - one calendar a process
    _kept = None


def _named_days() -> Mapping[date, bool]:
    global _kept  # noqa: PLW0603 - one calendar a process
    if _kept is None or elapsed() - _kept[0] > KEPT_SECONDS:
        rows = list(CalendarDay.objects.all())
        for row in rows:
            check_seal(row)
        _kept = elapsed(), {row.date: row.is_working for row in rows}
    return _kept[1]
