"""What each protection is for: taken away, the damage is done."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import pytest

from jtsec.audit.alarms import cef, finding, handling, outbox, webhook
from jtsec.audit.alarms.api import State, close, deliver_due
from jtsec.audit.alarms.models import Alarm, AlarmDelivery, DeliveryState
from jtsec.core import timed_connection
from jtsec.core.context import acting_as
from tests.audit.alarms import receivers
from tests.audit.alarms.people import AUDITOR, raised
from tests.audit.alarms.receivers import Inbox
from tests.audit.alarms.test_cef import MESSAGE
from tests.audit.alarms.test_webhook import leads_to


@pytest.mark.django_db
def test_without_the_fingerprint_every_finding_opens_an_alarm(
    monkeypatch: pytest.MonkeyPatch,
):
    """And the list is a million rows long."""
    numbers = iter(range(10))
    monkeypatch.setattr(finding, "fingerprint_of", lambda *_: str(next(numbers)))
    raised()
    raised()
    assert Alarm.objects.count() == 2


@pytest.mark.django_db
def test_without_the_look_at_persons_the_watched_closes_the_watch(
    monkeypatch: pytest.MonkeyPatch,
):
    """Who did it says that it was nothing."""
    monkeypatch.setattr(handling, "is_about", lambda *_: False)
    alarm = raised(subject_uid=AUDITOR.uid)
    with acting_as(AUDITOR):
        assert close(alarm, State.FALSE_ALARM, note="没事").state == "false-alarm"


@pytest.mark.django_db(transaction=True)
def test_without_the_claim_two_workers_send_the_same(
    monkeypatch: pytest.MonkeyPatch, settings: Any
):
    """Both have read the row while it was waiting."""
    inbox = Inbox()
    with receivers.web(inbox) as port:
        settings.JTSEC_AUDIT_ALARM_WEBHOOKS = [f"http://127.0.0.1:{port}/a"]
        raised()
        row = AlarmDelivery.objects.get()
        monkeypatch.setattr(outbox, "_claim", lambda row: True)
        due = iter([row, row, None])
        monkeypatch.setattr(outbox, "_next_due", lambda failed: next(due))
        assert deliver_due().sent == 2
    assert len(inbox.got) == 2
    assert AlarmDelivery.objects.get().state == DeliveryState.SENT


def test_without_the_look_at_addresses_a_name_leads_into_this_machine(
    monkeypatch: pytest.MonkeyPatch,
):
    """To whatever listens there and trusts the loopback."""
    inbox = Inbox()
    with receivers.web(inbox) as port:
        leads_to(monkeypatch, ["127.0.0.1"])
        monkeypatch.setattr(webhook, "_is_allowed", lambda *_: True)
        webhook.send(f"http://siem.example:{port}/a", MESSAGE)
    assert len(inbox.got) == 1


def test_without_the_clock_a_dripping_receiver_is_never_left(
    monkeypatch: pytest.MonkeyPatch, settings: Any
):
    """Each byte comes within the socket's timeout."""
    settings.JTSEC_AUDIT_ALARM_TIMEOUT_SECONDS = 1
    monkeypatch.setattr(timed_connection, "_shut", lambda _: None)
    with receivers.dripping() as port:
        target = f"http://127.0.0.1:{port}/a"
        attempt = threading.Thread(target=quietly, args=(target,), daemon=True)
        attempt.start()
        attempt.join(3)
        assert attempt.is_alive()
    attempt.join(10)


def quietly(target: str) -> None:
    """Send, whatever comes of it."""
    with contextlib.suppress(Exception):
        webhook.send(target, MESSAGE)


def test_without_escaping_a_text_writes_a_field_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
):
    """Such as another severity, or another line."""
    monkeypatch.setattr(cef, "in_extension", str)
    line = cef.cef_line({**MESSAGE, "summary": "x\nCEF:0|forged|"})
    assert "\nCEF:0|forged|" in line


@pytest.mark.django_db
def test_the_list_stays_quick_when_there_are_many(
    django_assert_max_num_queries: Any,
):
    """A page is one query, however many alarms there are."""
    from jtsec.audit.alarms.listing import AlarmFilter, page_of

    for number in range(60):
        raised(str(number))
    with django_assert_max_num_queries(1):
        page = page_of(AlarmFilter(state="unsettled"))
    assert len(page.rows) == 50
