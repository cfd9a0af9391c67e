"""What nobody takes within two hours becomes more urgent and is sent again, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jtsec.audit.alarms.api import Level, claim, close, escalate_overdue, hand_over
from jtsec.audit.alarms.models import Alarm, AlarmDelivery, State
from jtsec.audit.events import Severity
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.core.context import acting_as
from tests.audit.alarms.people import AUDITOR, raised

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P61")]


def overdue(alarm: Alarm) -> Alarm:
    """Let the time of an alarm pass."""
    alarm.due_at = now() - timedelta(seconds=1)
    alarm.save()
    return alarm


def test_an_alarm_nobody_took_is_escalated_once(settings):
    """A level up, a step, an event of the system, a second message."""
    settings.JTSEC_AUDIT_ALARM_EMAIL_RECIPIENTS = ["duty@police.example"]
    alarm = overdue(raised(severity=Severity.WARNING))
    assert [one.pk for one in escalate_overdue()] == [alarm.pk]
    assert escalate_overdue() == []
    alarm.refresh_from_db()
    assert (alarm.level, alarm.is_overdue) == (Level.ALARM, True)
    assert alarm.steps.filter(kind="escalated").count() == 1
    event = AuditRecord.objects.get(code="audit:alarm:escalated")
    assert (event.actor_kind, event.actor_username) == ("system", "jtsec_alarms")
    messages = [row.message for row in AlarmDelivery.objects.order_by("id")]
    assert [one["why"] for one in messages] == ["raised", "escalated"]
    assert [one["level"] for one in messages] == [30, 40]


def test_the_level_has_a_top():
    """Urgent stays urgent."""
    alarm = overdue(raised(severity=Level.URGENT))
    escalate_overdue()
    alarm.refresh_from_db()
    assert alarm.level == Level.URGENT


def test_what_is_not_due_or_taken_is_left_alone():
    """Two hours to the first handling, not to the end of it."""
    raised("not due")
    taken = overdue(raised("taken"))
    closed = overdue(raised("closed"))
    handed = overdue(raised("handed"))
    with acting_as(AUDITOR):
        claim(taken)
        close(closed, State.HANDLED, note="已处置")
        hand_over(handed, note="涉及授权")
    assert escalate_overdue() == []


def test_a_clock_set_back_gives_nobody_longer():
    """Raised by a clock that was a day ahead: two hours from now, not from then."""
    alarm = raised()
    Alarm.objects.update(due_at=now() + timedelta(days=1))
    assert escalate_overdue() == []
    alarm.refresh_from_db()
    assert alarm.due_at <= now() + timedelta(hours=2)


def test_the_time_has_a_floor():
    """Nobody gives themselves more than the clause does."""
    from django.test import override_settings

    from jtsec.audit.alarms.conf import alarm_settings
    from jtsec.core.exceptions import ConfigurationError

    with (
        override_settings(JTSEC_AUDIT_ALARM_RESPOND_MINUTES=121),
        pytest.raises(ConfigurationError),
    ):
        alarm_settings()
