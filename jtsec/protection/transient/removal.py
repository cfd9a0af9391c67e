"""How transient data go: with their session, their business, or their time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import router, transaction

from jtsec.audit.api import record
from jtsec.core.clock import elapsed, now
from jtsec.sessions.models import Session

from .events import BusinessEnded
from .models import TransientBusiness, TransientEntry

EVERY: Final = 60.0
"""Seconds between two sweeps of one process."""

_last: list[float] = []


def remove_of_sessions(digests: Sequence[str]) -> None:
    """Remove what was kept for sessions; called when they end."""
    TransientEntry.objects.filter(session__in=list(digests)).delete()


def end_business(business: str) -> int:
    """
    Remove what was drawn for a piece of business, for every session (clause T7.4).

    The secret goes first: a copy of an entry that is left in a backup opens no more.

    Returns:
        How many entries there were.
    """
    with transaction.atomic(using=router.db_for_write(TransientEntry)):
        TransientBusiness.objects.filter(name=business).delete()
        entries, _each = TransientEntry.objects.filter(business=business).delete()
        if entries:
            record(BusinessEnded(resource=business, entries=entries))
    return entries


def sweep() -> int:
    """
    Remove what is over its time, or of a session nobody ended by the book.

    Returns:
        How many entries went.
    """
    at = now()
    entries, _each = TransientEntry.objects.filter(ends_at__lte=at).delete()
    alive = Session.objects.open().filter(user__isnull=False).values("pk")
    orphans = TransientEntry.objects.exclude(session="").exclude(session__in=alive)
    entries += orphans.delete()[0]
    TransientBusiness.objects.filter(ends_at__lte=at).delete()
    return entries


def sweep_when_due() -> None:
    """Sweep, once a minute in each process that puts something."""
    if _last and elapsed() - _last[0] < EVERY:
        return
    _last[:] = [elapsed()]
    sweep()
