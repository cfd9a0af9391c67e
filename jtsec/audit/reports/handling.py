"""What became of the alarms of a period: how many, how fast, how they ended (P61)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jtsec.audit.alarms.api import rule_name
from jtsec.audit.alarms.models import Alarm, AlarmStep, Level, State, StepKind
from jtsec.core.clock import shown

from .document import Cell, Facts, Table
from .period import Period

LISTED = 200


def alarms_of(period: Period) -> QuerySet[Alarm]:
    """Return the alarms that were raised in a period."""
    return Alarm.objects.filter(raised_at__gte=period.since, raised_at__lt=period.until)


def alarm_facts(period: Period) -> Facts:
    """Return how many alarms there were and how they stand."""
    alarms = list(alarms_of(period))
    states = [alarm.state for alarm in alarms]
    return Facts(
        [
            (_("Alarms"), len(alarms)),
            (_("Handled"), states.count(State.HANDLED)),
            (_("False alarms"), states.count(State.FALSE_ALARM)),
            (_("Being handled"), states.count(State.IN_HAND)),
            (_("Not handled"), states.count(State.OPEN)),
            (_("Overdue"), sum(alarm.is_overdue for alarm in alarms)),
            (_("Time until somebody took it (median)"), _median_wait(alarms)),
        ]
    )


def alarms_by_rule(period: Period) -> Table:
    """Return a table of the alarms by rule and state."""
    counts: dict[str, dict[str, int]] = {}
    overdue: dict[str, int] = {}
    for alarm in alarms_of(period).iterator():
        states = counts.setdefault(alarm.rule, {})
        states[alarm.state] = states.get(alarm.state, 0) + 1
        overdue[alarm.rule] = overdue.get(alarm.rule, 0) + alarm.is_overdue
    rows: list[tuple[Cell, ...]] = [
        (
            rule_name(rule),
            sum(states.values()),
            *(states.get(state, 0) for state in State.values),
            overdue[rule],
        )
        for rule, states in sorted(
            counts.items(), key=lambda one: (-sum(one[1].values()), one[0])
        )
    ]
    head = [_("Rule"), pgettext("jtsec", "Count"), *map(str, State.labels)]
    return Table(
        _("Alarms by rule"),
        [*head, _("Overdue")],
        rows,
        widths=[32, 11, 12, 12, 11, 11, 11],
        empty=_("No alarm was raised in this period."),
    )


def incidents(period: Period) -> Table:
    """Return the alarms one by one, with what was done about each."""
    alarms = alarms_of(period)
    rows = list(_incident_rows(alarms.order_by("raised_at")[:LISTED]))
    return Table(
        _incidents_caption(alarms.count()),
        [
            _("Raised"),
            _("Rule"),
            _("Level"),
            _("Object"),
            _("State"),
            _("Handled by"),
            _("What was done"),
        ],
        rows,
        widths=[17, 17, 8, 16, 9, 10, 23],
        empty=_("No alarm was raised in this period."),
    )


def _incidents_caption(count: int) -> str:
    """Return what the table shows; whoever signs the report must know what it lacks."""
    if count <= LISTED:
        return _("Alarms and their handling")
    return _("Alarms and their handling: the first %(listed)s of %(count)s") % {
        "listed": LISTED,
        "count": count,
    }


def _incident_rows(alarms: Iterable[Alarm]) -> Iterator[tuple[Cell, ...]]:
    chosen = list(alarms)
    notes: dict[int, str] = {}
    steps = AlarmStep.objects.filter(alarm__in=chosen, kind=StepKind.CLOSED)
    for step in steps.order_by("id"):
        notes[step.alarm_id] = step.note
    for alarm in chosen:
        yield (
            shown(alarm.raised_at),
            rule_name(alarm.rule),
            str(Level(alarm.level).label),
            alarm.subject or alarm.resource or alarm.source or alarm.key,
            str(State(alarm.state).label),
            alarm.assignee_name or "–",
            notes.get(alarm.pk, "–"),
        )


def _median_wait(alarms: list[Alarm]) -> str:
    waits = sorted(
        alarm.answered_at - alarm.raised_at
        for alarm in alarms
        if alarm.answered_at is not None
    )
    if not waits:
        return "–"
    middle: timedelta = waits[len(waits) // 2]
    minutes = int(middle.total_seconds() // 60)
    return _("%(minutes)s minutes") % {"minutes": f"{minutes:,}"}
