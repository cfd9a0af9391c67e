"""
How many rows somebody may still see in clear in this hour, exact over all processes.

One statement takes a place where there is one: two requests never both take the last.
It is taken for good, whatever becomes of the request's own transaction; who can make
a page fail after it was read must not read for free.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import router
from django.db.models import Case, F, Q, Value, When

from jtsec.core.apart import apart, one_statement_apart, would_wait_for_itself
from jtsec.core.clock import now

from .models import ClearViews

HOUR: Final = timedelta(hours=1)


def take(uid: str, limit: int) -> bool:
    """
    Take one of a person's places of this hour; answer whether there was one.

    Args:
        uid: the person's.
        limit: the places of an hour.

    Raises:
        django.db.Error: it could not be written; nothing may be shown.
    """
    alias = router.db_for_write(ClearViews)
    at = now()
    if would_wait_for_itself(alias):
        _make_row(alias, uid, at)
        return _count(alias, uid, limit, at)
    # In a transaction before the count: on MySQL an UPDATE that finds no row locks the
    # gap, and two of them that then insert into it wait for each other.
    with one_statement_apart(alias) as own:
        _make_row(own, uid, at)
    with apart(alias) as own:
        return _count(own, uid, limit, at)


def _make_row(alias: str, uid: str, at: datetime) -> None:
    rows = ClearViews.objects.using(alias)
    if not rows.filter(uid=uid).exists():
        rows.bulk_create([ClearViews(uid=uid, hour_from=at)], ignore_conflicts=True)


def _count(alias: str, uid: str, limit: int, at: datetime) -> bool:
    over = Q(hour_from__lte=at - HOUR)
    rows = ClearViews.objects.using(alias).filter(uid=uid)
    # MySQL assigns from left to right: the count is worked out of the old hour.
    changed = rows.filter(over | Q(count__lt=limit)).update(
        count=Case(When(over, then=Value(1)), default=F("count") + 1),
        hour_from=Case(When(over, then=Value(at)), default=F("hour_from")),
    )
    return bool(changed)
