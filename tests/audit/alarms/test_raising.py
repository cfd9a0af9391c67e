"""One open alarm for each matter, which counts; what comes again names the earlier."""

from __future__ import annotations

from datetime import timedelta

import pytest

from django.db import DatabaseError, connection, transaction

from jtsec.audit.alarms.api import (
    AlarmStep,
    Level,
    State,
    StepKind,
    close,
    from_event,
    raise_alarm,
)
from jtsec.audit.alarms.models import Alarm, AlarmDelivery
from jtsec.audit.api import record
from jtsec.audit.events import Severity
from jtsec.audit.exceptions import AppendOnly
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.core.context import acting_as
from jtsec.core.source import Source
from tests.audit.alarms.people import AUDITOR, CLERK, raised
from tests.audit.declared import PermitFailed

pytestmark = pytest.mark.django_db


def kinds(alarm: Alarm) -> list[str]:
    """Return the steps of an alarm, in order."""
    return list(alarm.steps.values_list("kind", flat=True))


@pytest.mark.clause("A5.5")
def test_the_first_time_opens_an_alarm_with_a_step_and_an_event():
    """Everything that can be asked of it stands in it."""
    at = now() - timedelta(minutes=3)
    alarm = raised(
        subject_uid="uid-zhang",
        resource="permits.permit:7",
        source="10.1.1.1",
        params={"count": 800, "minutes": 5},
        events=("a", "b"),
        at=at,
    )
    alarm.refresh_from_db()
    assert (alarm.state, alarm.level, alarm.occurrences) == ("open", Level.ALARM, 1)
    assert (alarm.first_at, alarm.last_at, alarm.events) == (at, at, ["a", "b"])
    assert (alarm.subject, alarm.resource) == ("zhang", "permits.permit:7")
    assert alarm.params == {"count": 800, "minutes": 5}
    assert alarm.due_at - alarm.raised_at == timedelta(hours=2)
    assert kinds(alarm) == [StepKind.RAISED]
    event = AuditRecord.objects.get(code="audit:alarm:raised")
    assert event.resource == f"jtsec.alarm:{alarm.number}"


@pytest.mark.clause("A5.5")
def test_what_comes_again_counts_in_the_open_alarm():
    """One row, however often it happens; first and last time are kept."""
    early, late = now() - timedelta(hours=1), now()
    first = raised(at=late, events=("1",))
    again = raised(at=early, events=("2", "1"), params={"count": 9})
    assert again.pk == first.pk
    again.refresh_from_db()
    assert (again.occurrences, again.first_at, again.last_at) == (2, early, late)
    assert again.events == ["2", "1"]
    assert again.params == {"count": 9}
    assert kinds(again) == [StepKind.RAISED]


def test_another_key_or_rule_is_another_alarm():
    """Rule and key together name the matter."""
    alarms = {raised("a").pk, raised("b").pk}
    alarms.add(raise_alarm("tests:rule:other", severity=40, key="a").pk)
    assert len(alarms) == 3


def test_only_the_newest_events_are_named(settings):
    """A flood does not make the row grow."""
    settings.JTSEC_AUDIT_ALARM_EVENTS_KEPT = 3
    for number in range(5):
        alarm = raised(events=(str(number),))
    assert alarm.events == ["2", "3", "4"]
    assert alarm.occurrences == 5


def test_what_becomes_more_urgent_is_told_again(settings):
    """The level only rises, and its rise is a step and a message."""
    settings.JTSEC_AUDIT_ALARM_EMAIL_RECIPIENTS = ["duty@police.example"]
    raised(severity=Severity.WARNING)
    alarm = raised(severity=Severity.ALARM)
    alarm = raised(severity=Severity.NOTICE)
    assert alarm.level == Level.ALARM
    assert kinds(alarm) == [StepKind.RAISED, StepKind.RISEN]
    assert [row.why for row in AlarmDelivery.objects.all()] == ["raised", "risen"]


@pytest.mark.clause("P61")
def test_after_closure_it_is_a_new_alarm_that_names_the_earlier():
    """What was closed stays as it was closed; its steps tell that it came again."""
    first = raised()
    with acting_as(AUDITOR):
        close(first, State.HANDLED, note="口令已改")
    second = raised()
    first.refresh_from_db()
    assert second.pk != first.pk
    assert second.earlier == first
    assert first.state == State.HANDLED
    assert kinds(first) == ["raised", "closed", "recurred"]
    step = first.steps.last()
    assert step is not None
    assert step.data == {"alarm": str(second.number)}


def test_too_many_open_alarms_of_a_rule_are_counted_in_one(settings):
    """Whoever can make alarms about anything cannot bury the others under a million."""
    settings.JTSEC_AUDIT_ALARM_OPEN_PER_RULE = 10
    for number in range(25):
        raised(str(number))
    assert Alarm.objects.count() == 11
    collective = Alarm.objects.get(key="*")
    assert collective.occurrences == 15
    assert collective.subject == ""


@pytest.mark.clause("A5.6")
def test_an_event_that_is_an_alarm_becomes_one_and_names_the_row():
    """Whose doing, about what, from where, and the event's number."""
    with acting_as(CLERK):
        record(
            PermitFailed(reason="paper", number="7"), source=Source(address="10.9.8.7")
        )
    row = AuditRecord.objects.get(code="tests:permit:failed")
    alarm = from_event(row)
    assert alarm.rule == "tests:permit:failed"
    assert alarm.events == [str(row.event_id)]
    assert (alarm.subject, alarm.source) == ("zhang", "10.9.8.7")
    assert set(alarm.concerned) == {"uid-zhang", "zhang"}
    assert from_event(row).occurrences == 2


def test_a_rolled_back_finding_leaves_nothing():
    """Alarm, step, event and messages belong to the transaction of who raises it."""
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raised()
        raise ZeroDivisionError
    assert not Alarm.objects.exists()
    assert not AlarmStep.objects.exists()
    assert not AuditRecord.objects.filter(code="audit:alarm:raised").exists()


@pytest.mark.parametrize(
    "text", ["a\x00b", "half \ud800 pair", "x" * 5000, "'; DROP", "{}%s%(x)s\n"]
)
def test_texts_of_attackers_are_stored(text: str):
    """Neither the key nor a figure can make an alarm impossible."""
    alarm = raised(text, subject=text, resource=text, params={"typed": text})
    assert raised(text).pk == alarm.pk
    assert raised(text + "!").pk != alarm.pk


def test_neither_alarms_nor_steps_can_be_removed_or_rewritten():
    """The ORM refuses; a step is evidence."""
    alarm = raised()
    step = alarm.steps.get()
    for attempt in (
        alarm.delete,
        step.delete,
        step.save,
        AlarmStep.objects.all().delete,
        lambda: AlarmStep.objects.update(note=""),
    ):
        with pytest.raises(AppendOnly):
            attempt()


@pytest.mark.clause("P61")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE jtsec_alarmstep SET note = 'nothing was found'",
        "DELETE FROM jtsec_alarmstep",
        "DELETE FROM jtsec_alarm",
    ],
)
def test_the_database_refuses_it_too(statement: str):
    """Who goes round the ORM meets a trigger, or the steps that hold the alarm."""
    raised()
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
        # PostgreSQL asks foreign keys at the end, SQLite when it is told to.
        connection.check_constraints()
    assert AlarmStep.objects.count() == 1
