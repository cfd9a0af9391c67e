"""The incident record goes from alarm to closure, and no version is lost."""

from __future__ import annotations

import pytest

from django.utils import translation

from jtsec.audit.alarms.api import (
    AlarmRefused,
    Incident,
    State,
    claim,
    close,
    describe,
    export_incident_form,
    hand_over,
    incident_form,
    incident_of,
    register_rule,
    rule_name,
    write_incident,
)
from jtsec.audit.models import AuditRecord
from jtsec.core.context import acting_as
from jtsec.core.exceptions import InputError
from tests.audit.alarms.people import AUDITOR, CLERK, COLLEAGUE, GUARD, raised

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P61")]

WHOLE = Incident(
    found_by="高频访问规则",
    classification="misuse",
    cause="口令外借",
    measures="停用账户",
    impact="查询 800 次",
    reported_to="支队科技科 11-22 14:00",
)


@pytest.fixture(autouse=True)
def english():
    """Read the labels as they are written."""
    with translation.override("en"):
        yield


def test_the_newest_version_counts_and_the_old_ones_stay():
    """Whoever completes the record adds a step."""
    alarm = raised()
    assert incident_of(alarm) is None
    with acting_as(AUDITOR):
        write_incident(alarm, Incident(cause="unknown"))
        write_incident(alarm, WHOLE)
    assert incident_of(alarm) == WHOLE
    causes = [step.data["cause"] for step in alarm.steps.filter(kind="incident")]
    assert causes == ["unknown", "口令外借"]


def test_it_is_completed_after_closure_without_opening_the_alarm():
    """The report is often written when the trouble is over."""
    alarm = raised()
    with acting_as(AUDITOR):
        close(alarm, State.HANDLED, note="已处置")
        assert write_incident(alarm, WHOLE).state == State.HANDLED


def test_the_form_tells_everything_from_alarm_to_closure():
    """Time, found by, kind, cause, measures, impact, who, closure, and every step."""
    alarm = raised(resource="permits.permit:7", source="10.1.1.1")
    with acting_as(AUDITOR):
        claim(alarm)
        hand_over(alarm, note="涉及授权")
    with acting_as(GUARD):
        claim(alarm)
        write_incident(alarm, WHOLE)
        close(alarm, State.HANDLED, note="已停用该授权")
    alarm.refresh_from_db()
    form = incident_form(alarm)
    rows = dict(form.rows)
    for value in (*vars(WHOLE).values(), "permits.permit:7", "10.1.1.1", "安全员"):
        assert value in rows.values() or value == "misuse"
    assert rows["Kind of incident"] == "Use against the rules"
    assert rows["Conclusion"] == "已停用该授权"
    assert rows["Overdue"] == "No"
    assert len(rows["Closed at"]) == len("2026-11-22 05:00:00")
    assert [entry.step for entry in form.timeline] == [
        "Raised",
        "Claimed",
        "Handed to the security administrator",
        "Claimed",
        "Incident record written",
        "Closed",
    ]
    assert [entry.who for entry in form.timeline[1:3]] == ["审计甲", "审计甲"]


def test_an_empty_form_has_room_to_write_in():
    """Nothing is left out because nobody knows it yet."""
    rows = dict(incident_form(raised()).rows)
    for label in ("Cause", "Measures", "Impact", "Reported to", "Closed at"):
        assert rows[label] == ""


@pytest.mark.parametrize(
    "incident",
    [
        Incident(),
        Incident(cause=" \n"),
        Incident(cause="x" * 4001),
        Incident(cause="x", classification="gone"),
    ],
)
def test_nonsense_is_refused(incident: Incident):
    """And names the field."""
    alarm = raised()
    with acting_as(AUDITOR), pytest.raises(InputError) as wrong:
        write_incident(alarm, incident)
    assert wrong.value.field in ("cause", "classification")
    assert alarm.steps.count() == 1


def test_nobody_writes_the_record_about_themselves():
    """They can add a note."""
    alarm = raised(subject_uid=AUDITOR.uid)
    with acting_as(AUDITOR), pytest.raises(AlarmRefused):
        write_incident(alarm, WHOLE)
    with acting_as(COLLEAGUE):
        write_incident(alarm, WHOLE)


def test_taking_the_form_out_of_the_system_is_recorded():
    """And is for who may see the alarm."""
    alarm = raised()
    with acting_as(AUDITOR):
        export_incident_form(alarm)
    assert AuditRecord.objects.filter(code="audit:incident:exported").count() == 1
    for actor in (CLERK, GUARD):
        with acting_as(actor), pytest.raises(AlarmRefused):
            export_incident_form(alarm)


def test_what_happened_is_said_when_it_is_read():
    """Code and figures are stored; words belong to the reader's language."""
    register_rule("tests:rule:figures", "Figures", "%(subject)s: %(count)s %(gone)s")
    alarm = raised(params={"count": 800})
    alarm.rule = "tests:rule:figures"
    assert describe(alarm) == "zhang: 800 –"
    register_rule("tests:rule:broken", "Broken", "%(count)d of %(")
    alarm.rule = "tests:rule:broken"
    assert describe(alarm) == "Broken"
    alarm.rule = "tests:rule:of-an-older-release"
    assert rule_name(alarm.rule) in describe(alarm)
