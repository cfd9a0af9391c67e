"""The alarms in the console: two desks, every step by a form, the incident form."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from django.test import Client
from django.urls import reverse

from jtsec.audit.alarms.api import (
    Alarm,
    Incident,
    State,
    claim,
    hand_over,
    incident_of,
    raise_alarm,
    register_rule,
    write_incident,
)
from jtsec.audit.alarms.models import AlarmDelivery
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.core.context import acting_as
from jtsec.identity.api import actor_of
from tests.audit.alarms.people import AUDITOR, raised
from tests.authentication.persons import loaded, registered
from tests.console.conftest import DUTIES, logged_in


@pytest.fixture
def guard(db: None, cheap_passwords: None) -> Client:
    """Return the browser of a security administrator."""
    registered("secadmin", DUTIES["security"], duty="security")
    return logged_in("secadmin")


def page(client: Client, view: str, *args: Any, **query: str) -> str:
    """Return a page of the console."""
    response = client.get(reverse(f"jtsec-console:{view}", args=args), query)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def step(client: Client, alarm: Alarm, desk: str = "alarm", **typed: str) -> int:
    """Send the form of an alarm, and return the status."""
    url = reverse(f"jtsec-console:{desk}", args=(alarm.number,))
    return client.post(url, typed).status_code


@pytest.mark.clause("A5.5", "P61")
def test_the_list_shows_what_is_open_and_what_is_overdue(auditor: Client):
    """Rule, level, object, first and last time, how often, state, overdue."""
    register_rule("tests:rule:often", "高频访问")
    alarm = raised(resource="permits.permit:7")
    raised()
    settled = raised("settled", subject="wang")
    with acting_as(AUDITOR):
        claim(settled)
    Alarm.objects.filter(pk=settled.pk).update(state=State.HANDLED)
    Alarm.objects.filter(pk=alarm.pk).update(due_at=now() - timedelta(minutes=1))
    shown = page(auditor, "alarms")
    for text in ("高频访问", "zhang", "permits.permit:7", "<strong>1</strong>"):
        assert text in shown
    assert "jtsec-alarm-overdue" in shown
    assert "wang" not in shown
    assert "wang" in page(auditor, "alarms", state="")
    assert "wang" in page(auditor, "alarms", state="handled")
    assert "zhang" not in page(auditor, "alarms", person="nobody")
    assert "permits" in page(auditor, "alarms", overdue="overdue", level="40")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", "gone"),
        ("level", "x"),
        ("overdue", "1"),
        ("rule", "none"),
        ("rule", "a\x00b"),
        ("person", "a\x00b"),
        ("person", "x" * 5000),
        ("after", "1_'--"),
        ("after", "2026-01-01T00:00:00_1"),
        ("after", "0001-01-01T00:00:00+14:00_1"),
        ("after", "9999-12-31T23:59:59-14:00_1"),
    ],
)
def test_a_filter_with_nonsense_gets_a_400(auditor: Client, field: str, value: str):
    """And the page says which field."""
    url = reverse("jtsec-console:alarms")
    response = auditor.get(url, {field: value})
    assert response.status_code == 400


def test_the_list_is_paged_behind_the_last_one(auditor: Client):
    """Every alarm is on one page, with the filter kept."""
    for number in range(120):
        raise_alarm(
            "tests:rule:often", severity=40, key=str(number), subject=f"u{number:03}"
        )
    seen: list[str] = []
    url = reverse("jtsec-console:alarms") + "?state=open"
    for _number in range(3):
        response = auditor.get(url)
        seen += [one.subject for one, *_words in response.context["rows"]]
        url = reverse("jtsec-console:alarms") + response.context["following"]
    assert response.context["following"] == ""
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)


@pytest.mark.clause("P61")
def test_from_claim_to_closure_by_the_forms(auditor: Client):
    """Without a script; every step is a row and an event of the person's."""
    alarm = raised()
    assert "jtsec-alarm-claim" in page(auditor, "alarm", alarm.number)
    assert step(auditor, alarm, step="claim") == 302
    assert step(auditor, alarm, step="noted", note="已电话核实") == 302
    assert step(auditor, alarm, step="handled", note="口令已改") == 302
    alarm.refresh_from_db()
    assert alarm.state == "handled"
    kinds = list(alarm.steps.values_list("kind", flat=True))
    assert kinds == ["raised", "claimed", "noted", "closed"]
    assert {one.actor_username for one in alarm.steps.all()[1:]} == {"auditor"}
    shown = page(auditor, "alarm", alarm.number, done="1")
    assert "已电话核实" in shown
    events = AuditRecord.objects.filter(code="audit:alarm:step")
    assert {one.actor_username for one in events} == {"auditor"}


@pytest.mark.parametrize(
    "typed",
    [
        {"step": "handled", "note": " "},
        {"step": "handled"},
        {"step": "gone", "note": "x"},
        {"step": "assigned", "note": "x"},
        {"step": "assigned", "note": "x", "to": "somebody"},
        {"step": "handled", "note": "x" * 2001},
        {},
    ],
)
def test_a_form_with_nonsense_changes_nothing(auditor: Client, typed: dict[str, str]):
    """400, and what was typed is asked for again."""
    alarm = raised()
    assert step(auditor, alarm, **typed) == 400
    assert alarm.steps.count() == 1


@pytest.mark.clause("P61")
def test_it_is_assigned_to_a_colleague_of_the_duty_only(auditor: Client):
    """Whom the page offers; nobody else, whatever is sent."""
    registered("shen", 21, duty="audit")
    registered("wang", 22, duty="business")
    alarm = raised()
    shown = page(auditor, "alarm", alarm.number)
    assert "(shen)" in shown
    assert "(wang)" not in shown
    other = str(loaded("wang").jtsec_identity.uid)
    assert step(auditor, alarm, step="assigned", to=other, note="请处理") == 400
    uid = str(loaded("shen").jtsec_identity.uid)
    assert step(auditor, alarm, step="assigned", to=uid, note="请处理") == 302
    alarm.refresh_from_db()
    assert alarm.assignee_uid == uid


@pytest.mark.clause("P61")
def test_an_auditor_cannot_close_what_is_about_themselves(auditor: Client):
    """The page says so, the verb refuses, and the refusal is an event."""
    me = actor_of(loaded("auditor"))
    alarm = raised(subject=me.username, subject_uid=me.uid)
    assert step(auditor, alarm, step="handled", note="没事") == 403
    assert step(auditor, alarm, step="claim") == 403
    refusals = AuditRecord.objects.filter(code="audit:alarm:refused")
    assert [one.reason for one in refusals] == ["own-alarm"] * 2
    url = reverse("jtsec-console:alarm-incident", args=(alarm.number,))
    assert auditor.post(url, {"cause": "没事"}).status_code == 403
    assert step(auditor, alarm, step="handed-over", note="与本人有关") == 302


@pytest.mark.clause("A4.4", "P61")
def test_the_security_administrators_see_what_was_handed_to_them(guard: Client):
    """At an address of their own; the rest does not exist for them."""
    mine, other = raised("mine", subject="li"), raised("other", subject="wang")
    with acting_as(AUDITOR):
        hand_over(mine, note="涉及授权")
    shown = page(guard, "handed-alarms")
    assert "li" in shown
    assert "wang" not in shown
    for view in ("handed-alarm", "handed-alarm-incident", "handed-alarm-form"):
        url = reverse(f"jtsec-console:{view}", args=(other.number,))
        assert guard.get(url).status_code == 404
    assert step(guard, other, "handed-alarm", step="handled", note="x") == 404
    assert step(guard, mine, "handed-alarm", step="claim") == 302
    assert step(guard, mine, "handed-alarm", step="handled", note="已停用") == 302
    mine.refresh_from_db()
    assert mine.state == "handled"


@pytest.mark.clause("A4.4")
@pytest.mark.parametrize("handed", [False, True])
def test_other_duties_cannot_open_the_alarms(outsider: Client, handed: bool):
    """Neither list nor alarm; a form sent to them changes nothing."""
    alarm = raised()
    with acting_as(AUDITOR):
        hand_over(alarm, note="x")
    name = "handed-alarm" if handed else "alarm"
    duty = AuditRecord.objects.filter(code="authentication:login:succeeded")
    is_guard = duty.order_by("-id")[0].actor_duty == "security"
    wanted = 200 if handed and is_guard else 403
    urls = [reverse(f"jtsec-console:{name}s")]
    for view in ("", "-incident", "-form", "-form-file"):
        urls.append(reverse(f"jtsec-console:{name}{view}", args=(alarm.number,)))
    assert {outsider.get(url).status_code for url in urls} == {wanted}
    if wanted == 403:
        assert step(outsider, alarm, name, step="handled", note="x") == 403
        alarm.refresh_from_db()
        assert alarm.is_open


@pytest.mark.clause("P61")
def test_the_incident_record_is_written_and_printed(auditor: Client):
    """Time, found by, cause, measures, impact, who, closure; each opening recorded."""
    alarm = raised()
    url = reverse("jtsec-console:alarm-incident", args=(alarm.number,))
    typed = {
        "found_by": "高频访问规则",
        "classification": "misuse",
        "cause": "口令外借",
        "measures": "停用账户\n更换口令",
        "impact": "查询 800 次",
        "reported_to": "支队科技科",
    }
    assert auditor.post(url, {**typed, "cause": "不明"}).status_code == 302
    assert auditor.post(url, typed).status_code == 302
    assert incident_of(alarm) == Incident(**typed)
    assert alarm.steps.filter(kind="incident").count() == 2
    step(auditor, alarm, step="handled", note="已处置")
    shown = page(auditor, "alarm-form", alarm.number)
    for text in ("口令外借", "停用账户<br>更换口令", "支队科技科", "已处置"):
        assert text in shown
    exported = AuditRecord.objects.get(code="audit:incident:exported")
    assert exported.resource == alarm.reference
    assert auditor.post(url, {"classification": "gone"}).status_code == 400
    assert auditor.post(url, {}).status_code == 400


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{% now %}", '"><b>'])
def test_what_attackers_typed_is_shown_as_text(auditor: Client, text: str):
    """In every place of every page."""
    alarm = raised(text, subject=text, resource=text, params={"a": text})
    with acting_as(AUDITOR):
        write_incident(alarm, Incident(cause=text))
    step(auditor, alarm, step="noted", note=text)
    for view in ("alarm", "alarm-form", "alarm-incident"):
        shown = page(auditor, view, alarm.number)
        assert "<script>alert" not in shown
        assert '"><b>' not in shown
    assert "<script>alert" not in page(auditor, "alarms")


@pytest.mark.clause("A5.5")
def test_messages_that_did_not_arrive_are_shown_and_sent_again(
    auditor: Client, settings: Any
):
    """Given up never silently: a number on the list, a page, and a button."""
    settings.JTSEC_AUDIT_ALARM_EMAIL_RECIPIENTS = ["duty@police.example"]
    raised()
    AlarmDelivery.objects.update(state="given-up", fault="refused", attempts=9)
    assert "jtsec-alert-bad" in page(auditor, "alarms")
    assert "duty@police.example" in page(auditor, "alarm-deliveries")
    row = AlarmDelivery.objects.get()
    url = reverse("jtsec-console:alarm-deliveries")
    assert auditor.post(url, {"number": str(row.pk)}).status_code == 302
    row.refresh_from_db()
    assert row.state == "waiting"
    assert auditor.post(url, {"number": "x"}).status_code == 404
    assert auditor.post(url, {"number": "9" * 5000}).status_code == 404
    assert AuditRecord.objects.get(code="audit:delivery:resent").actor_duty == "audit"


@pytest.mark.parametrize("number", ["x", "0" * 32, "1; DROP"])
def test_an_unknown_number_is_not_found(auditor: Client, number: str):
    """As is one that is none."""
    assert auditor.get(f"/console/audit/alarms/{number}/").status_code == 404


def test_a_form_without_the_token_is_refused(auditor: Client):
    """The console's forms are protected like any other (CWE-352)."""
    alarm = raised()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = auditor.cookies
    assert step(strict, alarm, step="claim") == 403
    assert alarm.steps.count() == 1


@pytest.mark.clause("P61")
def test_the_incident_form_is_handed_out_as_a_word_file(auditor: Client):
    """Who has to file it gets it as it is printed; that it left is recorded."""
    pytest.importorskip("docx")
    alarm = raised(subject="wang")
    url = reverse("jtsec-console:alarm-form-file", args=(alarm.number,))
    answer = auditor.get(url)
    assert answer["Content-Disposition"].endswith('.docx"')
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert "wang" in file.read("word/document.xml").decode()
    assert AuditRecord.objects.filter(code="audit:incident:exported").exists()
