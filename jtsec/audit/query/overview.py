"""The audit of a period at a glance: a few figures, each from an index."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Count, QuerySet

from jtsec.audit.events import Severity, label_of
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now

from .filtering import Filter
from .hours import days_between, local_hour
from .leads import condition_of
from .statistics import Line, busiest_people, by_hour, require_countable

LOGIN = "authentication:login:succeeded"
LOGIN_REFUSED = "authentication:login:refused"
QUERIES = ("queried", "viewed", "searched", "read")
"""How the last part of a code ends when somebody looked at data (clause A5.1)."""

BROKEN = frozenset(
    {
        "audit:log:false",
        "audit:record:altered",
        "audit:anchor:altered",
        "audit:details:unreadable",
        "identity:seal:broken",
        "authentication:account:broken",
        "authentication:password:foreign",
    }
)
"""What says that stored data was altered (clauses A5.6, A5.8)."""

BUSIEST = 8


@dataclass(frozen=True)
class Group:
    """How many events share these properties."""

    code: str
    outcome: str
    severity: int
    count: int


@dataclass(frozen=True)
class Overview:
    """
    What happened in a period.

    Args:
        days: its days, in order.
        groups: its events by code, outcome and severity.
        per_hour: its events for each hour of the day, 0 to 23.
        logins_per_day: logins for each day.
        refused_logins_per_day: refused logins for each day.
        users: who acted most.
        oldest: when the oldest event of the whole log happened, None without any.
    """

    days: tuple[date, ...]
    groups: tuple[Group, ...]
    per_hour: tuple[int, ...]
    logins_per_day: tuple[int, ...]
    refused_logins_per_day: tuple[int, ...]
    users: tuple[Line, ...]
    oldest: datetime | None

    @cached_property
    def total(self) -> int:
        """Return how many events there were."""
        return sum(group.count for group in self.groups)

    @property
    def logins(self) -> int:
        """Return how many logins succeeded."""
        return self._count(LOGIN)

    @property
    def refused_logins(self) -> int:
        """Return how many logins were refused."""
        return self._count(LOGIN_REFUSED)

    @property
    def queries(self) -> int:
        """Return how often somebody looked at data that is recorded."""
        return sum(g.count for g in self.groups if g.code.split(":")[-1] in QUERIES)

    @property
    def refused(self) -> int:
        """Return how many actions were refused or failed."""
        return sum(group.count for group in self.groups if group.outcome != "done")

    @property
    def alarming(self) -> int:
        """Return how many events were alarms by themselves."""
        return sum(g.count for g in self.groups if g.severity >= Severity.ALARM)

    @property
    def broken(self) -> int:
        """Return how often something was found that is not what was written."""
        return sum(group.count for group in self.groups if group.code in BROKEN)

    @property
    def kept_days(self) -> int:
        """Return for how many days the log reaches back (clause A5.9)."""
        return 0 if self.oldest is None else (now() - self.oldest).days

    def worst(self, most: int = 6) -> list[tuple[str, str, int]]:
        """Return code, label and count of what was of note most often."""
        counts: Counter[str] = Counter()
        for group in self.groups:
            if group.severity >= Severity.WARNING:
                counts[group.code] += group.count
        return [(code, label_of(code), n) for code, n in counts.most_common(most)]

    def _count(self, code: str) -> int:
        return sum(group.count for group in self.groups if group.code == code)


def overview_of(filter: Filter) -> Overview:
    """
    Return what happened in a filter's period.

    Each figure is asked for in few groups: by the hour and the code together, a month
    would come in a hundred thousand of them.

    Raises:
        FilterError: the period has no end or is too long.
    """
    require_countable(filter)
    events = AuditRecord.objects.filter(condition_of(filter))
    groups = (
        events.values_list("code", "outcome", "severity")
        .annotate(count=Count("*"))
        .order_by()
    )
    days = tuple(days_between(filter.since, filter.until))
    return Overview(
        days,
        tuple(Group(*group) for group in groups),
        _per_hour(events),
        _per_day(filter.with_conditions(code=LOGIN)),
        _per_day(filter.with_conditions(code=LOGIN_REFUSED)),
        busiest_people(filter, BUSIEST),
        AuditRecord.objects.order_by("at", "id").values_list("at", flat=True).first(),
    )


def _per_hour(events: QuerySet[AuditRecord]) -> tuple[int, ...]:
    counts: Counter[int] = Counter()
    for value, count in by_hour(events):
        counts[local_hour(value).hour] += count
    return tuple(counts[hour] for hour in range(24))


def _per_day(filter: Filter) -> tuple[int, ...]:
    counts: Counter[date] = Counter()
    for value, count in by_hour(AuditRecord.objects.filter(condition_of(filter))):
        counts[local_hour(value).date()] += count
    return tuple(counts[day] for day in days_between(filter.since, filter.until))
