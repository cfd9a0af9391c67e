"""
Events counted: by day, hour, user, organisation, action, source, result and more.

Each table is one GROUP BY over the events of a filter, within a period that has an end,
so that a month among ten million costs a month. It counts by columns that stand in the
index of the times (PostgreSQL), so that a month that nobody read for long is not
fetched from the disk row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from django.db import connections, router
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jtsec.audit.events import label_of
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now

from .conf import query_settings
from .directory import directory
from .exceptions import FilterError
from .filtering import Filter
from .hours import days_between, hour_expression, local_hour
from .leads import condition_of
from .parameters import DUTIES, OUTCOMES, SEVERITIES, Choices

LINES: Final = 200
"""Lines of one table; the busiest come first, and the page says when there are more."""


@dataclass(frozen=True)
class Line:
    """
    One line of a table of statistics.

    Args:
        label: whose events these are, as people read it.
        count: all of them.
        refused: those a control refused.
        failed: those that went wrong.
        conditions: what to add to the filter to see them, by parameter.
    """

    label: str
    count: int
    refused: int
    failed: int
    conditions: Mapping[str, str]


@dataclass(frozen=True)
class Statistics:
    """
    The events of a filter, counted.

    Args:
        by: one of `WAYS`.
        lines: in the order of time, or the busiest first.
        is_cut: whether there are more lines than are shown.
    """

    by: str
    lines: tuple[Line, ...]
    is_cut: bool = False

    @property
    def total(self) -> int:
        """Return how many events the lines count."""
        return sum(line.count for line in self.lines)


Names = Mapping[Any, str]
"""What organisations are called, by code, or users; asked for once a table."""

Make = Callable[[tuple[Any, ...], Names], tuple[str, Mapping[str, str]]]


@dataclass(frozen=True)
class Way:
    """
    One way to count.

    Args:
        label: its name on the page.
        columns: what is grouped by; none for the time.
        line: what makes the label and the conditions of a group.
    """

    label: str | Promise
    columns: tuple[str, ...] = ()
    line: Make | None = None


def statistics_of(filter: Filter, by: str) -> Statistics:
    """
    Count the events of a filter.

    Args:
        filter: which events.
        by: one of `WAYS`.

    Raises:
        FilterError: there is no such way, the period has no end or is longer than the
            settings allow, or the filter asks for encrypted details.
    """
    if by not in WAYS:
        raise FilterError("by", _("Choose one of the list."))
    require_countable(filter)
    events = AuditRecord.objects.filter(condition_of(filter))
    if by in ("day", "hour"):
        return _by_time(events, filter, by)
    groups = _groups(events, by)[: LINES + 1]
    return Statistics(by, tuple(_lines(by, groups[:LINES])), len(groups) > LINES)


def busiest_people(filter: Filter, most: int) -> tuple[Line, ...]:
    """
    Return who acted most, of those that are known by their UID.

    Their kind would say the same, but stands only in the rows, see above.
    """
    events = AuditRecord.objects.filter(condition_of(filter)).exclude(actor_uid="")
    return tuple(_lines("user", _groups(events, "user")[:most]))


def require_countable(filter: Filter) -> None:
    """
    Refuse to count without end.

    Raises:
        FilterError: see `statistics_of`.
    """
    if "details" in filter.conditions:
        raise FilterError("details", _("Encrypted details cannot be counted."))
    most = query_settings().statistics_days
    end = filter.until or now()
    if filter.since is None or end - filter.since > timedelta(days=most + 1):
        sentence = _("Choose a period of at most %(days)d days.") % {"days": most}
        raise FilterError("period", sentence)


COUNTS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "count": Count("pk"),
        "refused": Count("pk", filter=Q(outcome="refused")),
        "failed": Count("pk", filter=Q(outcome="failed")),
    }
)


def _groups(events: QuerySet[AuditRecord], by: str) -> Any:
    """Return the groups of a way to count, the largest first."""
    columns = WAYS[by].columns
    return (
        events.values_list(*columns)
        .annotate(**COUNTS, **_newest(by))
        .order_by(F("count").desc(), *columns)
    )


def _lines(by: str, groups: Any) -> Iterator[Line]:
    make = WAYS[by].line
    width = len(WAYS[by].columns)
    assert make is not None  # noqa: S101 - every way but those of time has one
    found = list(groups)
    names: Names = {}
    if by == "organisation":
        names = directory().organisations()
    elif by == "user":
        names = _names_in({group[-1] for group in found})
    for group in found:
        label, conditions = make((*group[:width], *group[width + 3 :]), names)
        count, refused, failed = group[width : width + 3]
        yield Line(label, count, refused, failed, conditions)


def _newest(by: str) -> dict[str, Any]:
    """Ask for the newest event of a person, since a name is only in the row."""
    return {"newest": Max("pk")} if by == "user" else {}


def _names_in(numbers: Collection[int]) -> Names:
    """Return the names that stand in events, by the event's number."""
    rows = AuditRecord.objects.filter(pk__in=numbers)
    return dict(rows.values_list("pk", "actor_name"))


def _by_time(events: QuerySet[AuditRecord], filter: Filter, by: str) -> Statistics:
    """
    Count by the time.

    In two parts, which indexes answer without the rows: all events from that of the
    times, and those that were not done from the small one of the results.
    """
    sums: dict[Any, list[int]] = {key: [0, 0, 0] for key in _keys(filter, by)}

    def add(part: QuerySet[AuditRecord], place: int) -> None:
        for value, count in by_hour(part):
            begins = local_hour(value)
            key = begins.hour if by == "hour" else begins.date()
            sums.setdefault(key, [0, 0, 0])[place] += count

    add(events, 0)
    for place, outcome in enumerate(("refused", "failed"), 1):
        add(events.filter(Q(outcome=outcome) & ~Q(outcome="done")), place)
    make = _hour_line if by == "hour" else _day_line
    return Statistics(by, tuple(make(key, *sums[key]) for key in sorted(sums)))


def by_hour(events: QuerySet[AuditRecord]) -> Iterable[tuple[Any, int]]:
    """Return hour and count of events, the hour as `local_hour` takes it."""
    vendor = connections[router.db_for_read(AuditRecord)].vendor
    return (
        events.annotate(begins=hour_expression(vendor))
        .values_list("begins")
        .annotate(count=Count("*"))
        .order_by()
    )


def _keys(filter: Filter, by: str) -> Iterator[Any]:
    """Yield every hour or day of the period: one without events is shown as such."""
    if by == "hour":
        yield from range(24)
        return
    yield from days_between(filter.since, filter.until)


def _day_line(day: date, count: int, refused: int, failed: int) -> Line:
    times = {"since": day.isoformat(), "until": day.isoformat()}
    return Line(day.isoformat(), count, refused, failed, times)


def _hour_line(hour: int, count: int, refused: int, failed: int) -> Line:
    return Line(f"{hour:02}:00", count, refused, failed, {})


def _user(group: tuple[Any, ...], names: Names) -> tuple[str, Mapping[str, str]]:
    uid, username, newest = group
    name = names.get(newest, "")
    known = f"({username})" if username and username != name else ""
    label = " ".join(part for part in (name, known) if part)
    if uid:
        return label or uid, {"uid": uid}
    return label or _("Not logged in"), {"username": username} if username else {}


def _organisation(
    group: tuple[Any, ...], names: Names
) -> tuple[str, Mapping[str, str]]:
    (code,) = group
    name = names.get(code, "")
    label = f"{name} ({code})" if name else code or _("None")
    return label, {"organisation": code} if code.isdigit() and len(code) <= 12 else {}


def _action(group: tuple[Any, ...], names: Names) -> tuple[str, Mapping[str, str]]:
    return label_of(group[0]), {"code": group[0]}


def _source(group: tuple[Any, ...], names: Names) -> tuple[str, Mapping[str, str]]:
    return group[0] or _("None"), {"address": group[0]} if group[0] else {}


def _chosen(name: str, choices: Choices) -> Make:
    words = {value: (word, label) for word, (label, value) in choices.items()}

    def line(group: tuple[Any, ...], names: Names) -> tuple[str, Mapping[str, str]]:
        word, label = words.get(group[0], ("", group[0] or _("None")))
        return str(label), {name: word} if word else {}

    return line


WAYS: Final[Mapping[str, Way]] = MappingProxyType(
    {
        "day": Way(gettext_lazy("Day")),
        "hour": Way(gettext_lazy("Hour of the day")),
        "user": Way(gettext_lazy("User"), ("actor_uid", "actor_username"), _user),
        "organisation": Way(
            gettext_lazy("Organisation"), ("actor_organisation",), _organisation
        ),
        "action": Way(pgettext_lazy("jtsec audit", "Action"), ("code",), _action),
        "source": Way(gettext_lazy("Source address"), ("source_address",), _source),
        "outcome": Way(
            gettext_lazy("Result"), ("outcome",), _chosen("outcome", OUTCOMES)
        ),
        "severity": Way(
            gettext_lazy("Severity"), ("severity",), _chosen("severity", SEVERITIES)
        ),
        "duty": Way(gettext_lazy("Duty"), ("actor_duty",), _chosen("duty", DUTIES)),
    }
)
"""Ways to count, by their word in the address."""
