"""
The figures behind the reports, each from one GROUP BY over the period's events.

The database groups by the hour of Greenwich, which every database can; days and hours
of the project's time zone are put together here. MySQL without its tables of time zones
would otherwise give nothing at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncHour
from django.utils import timezone

from jtsec.audit.events import Outcome, Severity
from jtsec.audit.models import AuditRecord

from .period import Period

LOGIN = "authentication:login:succeeded"
LOGIN_REFUSED = "authentication:login:refused"


@dataclass(frozen=True)
class Group:
    """How many events share these properties."""

    day: date
    hour: int
    code: str
    outcome: str
    severity: int
    count: int


@dataclass(frozen=True)
class Person:
    """One who acted, as the log knows them."""

    uid: str
    username: str
    name: str
    organisation: str
    duty: str
    is_police: bool | None


@dataclass
class Figures:
    """
    What happened in a period, counted.

    Args:
        period: which.
        groups: the events by day, hour, code, outcome and severity.
    """

    period: Period
    groups: list[Group] = field(default_factory=list)

    def total(self, *codes: str, outcome: str = "") -> int:
        """Return how many events there were, of some codes or of all."""
        return sum(
            group.count
            for group in self.groups
            if (not codes or group.code in codes)
            and (not outcome or group.outcome == outcome)
        )

    def alarming(self) -> int:
        """Return how many events were alarms by themselves."""
        return sum(
            group.count for group in self.groups if group.severity >= Severity.ALARM
        )

    def starting(self, beginnings: tuple[str, ...]) -> int:
        """Return how many events have a code that begins with one of these."""
        return sum(
            group.count for group in self.groups if group.code.startswith(beginnings)
        )

    def by_outcome(self) -> dict[str, Counter[str]]:
        """Return code: outcome: count, the most frequent code first."""
        found: dict[str, Counter[str]] = {}
        for group in self.groups:
            found.setdefault(group.code, Counter())[group.outcome] += group.count
        return dict(sorted(found.items(), key=lambda one: (-one[1].total(), one[0])))

    def per_day(self, *codes: str) -> list[int]:
        """Return the count of each day of the period."""
        counts = self._count(lambda group: group.day, codes)
        return [counts[day] for day in self.period.days]

    def per_hour(self, *codes: str) -> list[int]:
        """Return the count of each hour of the day, 0 to 23."""
        counts = self._count(lambda group: group.hour, codes)
        return [counts[hour] for hour in range(24)]

    def _count(self, key: object, codes: tuple[str, ...]) -> Counter[object]:
        counts: Counter[object] = Counter()
        for group in self.groups:
            if not codes or group.code in codes:
                counts[key(group)] += group.count  # type: ignore[operator]  # a function
        return counts


def figures_of(period: Period) -> Figures:
    """Return the figures of a period."""
    rows = (
        events_of(period)
        .annotate(hour_begins=TruncHour("at", tzinfo=UTC if settings.USE_TZ else None))
        .values_list("hour_begins", "code", "outcome", "severity")
        .annotate(count=Count("pk"))
        .order_by("hour_begins", "code")
    )
    return Figures(period, [_group(*row) for row in rows.iterator(chunk_size=5000)])


def by_organisation(period: Period) -> Iterator[tuple[str, int, int]]:
    """Yield organisation code, events and those refused or failed, busiest first."""
    yield from (
        events_of(period)
        .exclude(actor_organisation="")
        .values_list("actor_organisation")
        .annotate(count=Count("pk"), refused=_refused())
        .order_by("-count", "actor_organisation")
    )


def busiest(period: Period, limit: int) -> list[tuple[Person, int, int]]:
    """Return who acted most: person, events, and those refused or failed."""
    return _people(events_of(period).filter(actor_kind="person"), limit)


def administrators(period: Period) -> list[tuple[Person, int, int]]:
    """Return what the administrators did, by person."""
    duties = ("system", "security", "audit")
    return _people(events_of(period).filter(actor_duty__in=duties), 200)


def people_by_kind(period: Period) -> tuple[int, int]:
    """Return how many police officers and how many others acted."""
    rows = (
        events_of(period)
        .filter(actor_kind="person")
        .values_list("actor_is_police")
        .annotate(count=Count("actor_uid", distinct=True))
        .order_by()
    )
    counts = {bool(is_police): count for is_police, count in rows}
    return counts.get(True, 0), counts.get(False, 0)


def sources_of(
    period: Period, codes: Iterable[str], limit: int
) -> list[tuple[str, int, int]]:
    """Return source address, events and users concerned, the busiest first."""
    return list(
        events_of(period)
        .filter(code__in=list(codes))
        .exclude(source_address="")
        .values_list("source_address")
        .annotate(count=Count("pk"), users=Count("subject", distinct=True))
        .order_by("-count", "source_address")[:limit]
    )


def spread_of(period: Period, codes: Iterable[str]) -> tuple[int, int]:
    """Return from how many sources some events came, and how many users they name."""
    found = (
        events_of(period)
        .filter(code__in=list(codes))
        .aggregate(
            sources=Count(
                "source_address", distinct=True, filter=~Q(source_address="")
            ),
            users=Count("subject", distinct=True, filter=~Q(subject="")),
        )
    )
    return found["sources"], found["users"]


def events_of(period: Period) -> QuerySet[AuditRecord]:
    """Return the events of a period."""
    return AuditRecord.objects.filter(at__gte=period.since, at__lt=period.until)


def _people(events: QuerySet[AuditRecord], limit: int) -> list[tuple[Person, int, int]]:
    rows = (
        events.values_list(
            "actor_uid",
            "actor_username",
            "actor_name",
            "actor_organisation",
            "actor_duty",
            "actor_is_police",
        )
        .annotate(count=Count("pk"), refused=_refused())
        .order_by(F("count").desc(), "actor_username")[:limit]
    )
    return [(Person(*row[:6]), row[6], row[7]) for row in rows]


def _refused() -> Count:
    return Count("pk", filter=~Q(outcome=Outcome.DONE.value))


def _group(
    begins: datetime, code: str, outcome: str, severity: int, count: int
) -> Group:
    here = timezone.localtime(begins) if timezone.is_aware(begins) else begins
    return Group(here.date(), here.hour, code, outcome, severity, count)
