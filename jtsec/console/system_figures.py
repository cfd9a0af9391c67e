"""What the system administrators' overview counts: accounts, sessions, storage."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import DatabaseError, connections
from django.db.models import Max, Min
from django.utils import timezone

from jtsec.audit.models import AuditRecord
from jtsec.authentication.models import Account
from jtsec.core.clock import elapsed, now
from jtsec.identity.models import Identity
from jtsec.sessions.api import everybodys_sessions
from jtsec.sessions.conf import session_settings
from jtsec.sessions.models import Session

SOON: Final = timedelta(days=30)
WEEK: Final = 7


@dataclass(frozen=True)
class People:
    """How many accounts are in use, by kind of person, and how many end soon."""

    police: int
    others: int
    ending: int
    by_duty: dict[str, int]


def people() -> People:
    """Return the figures of the accounts in use (clause A3.2.9)."""
    found = Identity.objects.filter(is_active=True, user__is_active=True)
    rows = list(found.values_list("is_police", "duty"))
    police = sum(1 for is_police, _duty in rows if is_police)
    at = now()
    ending = Account.objects.filter(
        user__jtsec_identity__is_active=True,
        valid_until__gt=at,
        valid_until__lte=at + SOON,
    )
    duties = Counter(duty for _is_police, duty in rows)
    return People(police, len(rows) - police, ending.count(), dict(duties))


@dataclass(frozen=True)
class Places:
    """How many sessions are live, and how many there may be (clause A9.2)."""

    live: int
    total: int

    @property
    def is_nearly_full(self) -> bool:
        """Answer whether nine of ten places are taken."""
        return self.live * 10 >= self.total * 9


def places() -> Places:
    """Return how many places of the application are taken."""
    return Places(everybodys_sessions().count(), session_settings().total)


def logins_per_day() -> dict[str, int]:
    """Return the sessions that began on each of the last seven days."""
    at = now()
    rows = Session.objects.filter(
        user__isnull=False, created_at__gt=at - timedelta(days=WEEK)
    )
    counted = Counter(_day(one) for one in rows.values_list("created_at", flat=True))
    days = [_day(at - timedelta(days=back)) for back in reversed(range(WEEK))]
    return {day: counted[day] for day in days}


@dataclass(frozen=True)
class Storage:
    """What is left of the disk in percent, and how many events the log holds."""

    free_percent: int | None
    events: int


def storage() -> Storage:
    """Return how much room there is where the database, or else the server, lies."""
    ends = AuditRecord.objects.aggregate(first=Min("pk"), last=Max("pk"))
    events = ends["last"] - ends["first"] + 1 if ends["last"] else 0
    name = str(connections["default"].settings_dict["NAME"])
    place = Path(name) if Path(name).is_absolute() else Path.cwd()
    try:
        used = shutil.disk_usage(place if place.exists() else place.parent)
    except OSError:
        return Storage(None, events)
    return Storage(int(used.free * 100 / used.total), events)


def milliseconds_of_the_database() -> float | None:
    """Return how long the database takes for the smallest question; None: no answer."""
    begun = elapsed()
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return None
    return (elapsed() - begun) * 1000


def _day(at: datetime) -> str:
    local = timezone.localtime(at) if timezone.is_aware(at) else at
    return f"{local:%m-%d}"
