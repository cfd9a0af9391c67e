"""What has to leave is kept until it has left, whatever the receiver does."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from django.db import transaction
from django.test import Client
from django.urls import reverse

from jtsec.audit.alarms import channels
from jtsec.audit.alarms.api import (
    Delivered,
    deliver_due,
    from_event,
    send_again,
)
from jtsec.audit.alarms.models import Alarm, AlarmDelivery, DeliveryState
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import elapsed, now
from tests.audit.alarms import receivers
from tests.audit.alarms.people import raised
from tests.audit.alarms.receivers import Inbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hook(settings: Any) -> Any:
    """Return a verb that names the webhooks of the settings."""

    def use(*ports: int) -> None:
        settings.JTSEC_AUDIT_ALARM_WEBHOOKS = [
            f"http://127.0.0.1:{port}/alarms" for port in ports
        ]
        settings.JTSEC_AUDIT_ALARM_TIMEOUT_SECONDS = 1

    return use


def come_due() -> None:
    """Let the pause of everything that waits be over."""
    AlarmDelivery.objects.update(next_at=now() - timedelta(seconds=1))


@pytest.mark.clause("A5.5")
def test_an_alarm_and_its_messages_are_written_together(hook: Any):
    """No alarm without its messages, no message of what was rolled back."""
    hook(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raised()
        assert AlarmDelivery.objects.count() == 1
        raise ZeroDivisionError
    assert not AlarmDelivery.objects.exists()


@pytest.mark.clause("A5.5")
def test_a_message_is_sent_once(hook: Any):
    """And says what, how urgent, how often; nothing of whom and what."""
    inbox = Inbox()
    with receivers.web(inbox) as port:
        hook(port)
        raised(resource="permits.permit:7", params={"typed": "secret"})
        assert deliver_due() == Delivered(sent=1)
        assert deliver_due() == Delivered()
    ((path, headers, body),) = inbox.got
    said = json.loads(body)
    row = AlarmDelivery.objects.get()
    assert (row.state, row.attempts, row.fault) == ("sent", 1, "")
    assert path == "/alarms"
    assert said["delivery"] == headers["X-Jtsec-Delivery"] == str(row.number)
    assert (said["rule"], said["level"], said["occurrences"]) == (
        "tests:rule:often",
        40,
        1,
    )
    for secret in ("zhang", "permits", "secret"):
        assert secret not in body.decode()


@pytest.mark.clause("A5.5")
def test_a_receiver_that_is_down_gets_it_later_and_once(hook: Any):
    """The same message with the same number, by which a double would be known."""
    port = receivers.free_port()
    hook(port)
    alarm = raised()
    assert deliver_due() == Delivered(failed=1, waiting=1)
    row = AlarmDelivery.objects.get()
    assert "refused" in row.fault.lower()
    assert row.next_at > now()
    assert deliver_due() == Delivered(waiting=1), "not before its time"
    come_due()
    inbox = Inbox()
    with receivers.web(inbox, port=port):
        assert deliver_due() == Delivered(sent=1)
    assert len(inbox.got) == 1
    assert json.loads(inbox.got[0][2])["alarm"] == str(alarm.number)


def test_a_dead_receiver_costs_one_attempt_for_all_that_waits(hook: Any):
    """And those that live do not wait with it."""
    inbox = Inbox()
    with receivers.web(inbox) as alive:
        hook(receivers.free_port(), alive)
        for number in range(20):
            raised(str(number))
        done = deliver_due()
    assert done == Delivered(sent=20, failed=1, waiting=20)
    assert len(inbox.got) == 20


def test_the_pause_doubles_and_has_a_limit(hook: Any):
    """Fifteen seconds, thirty, a minute … a quarter of an hour."""
    hook(receivers.free_port())
    raised()
    pauses = []
    for _number in range(8):
        before = now()
        deliver_due()
        pauses.append((AlarmDelivery.objects.get().next_at - before).total_seconds())
        come_due()
    assert [int(one) // 5 * 5 for one in pauses[:3]] == [15, 30, 60]
    assert pauses[-1] < 905


def test_once_a_receiver_answers_the_others_need_not_wait(hook: Any):
    """A backlog leaves in one pass."""
    port = receivers.free_port()
    hook(port)
    for number in range(3):
        raised(str(number))
    deliver_due()
    first = AlarmDelivery.objects.order_by("id")[0]
    AlarmDelivery.objects.filter(pk=first.pk).update(next_at=now())
    inbox = Inbox()
    with receivers.web(inbox, port=port):
        assert deliver_due() == Delivered(sent=3)


@pytest.mark.clause("A5.5")
def test_what_cannot_be_delivered_for_days_is_given_up_loudly(hook: Any, settings: Any):
    """An event, an alarm of its own on the page, and a way to send it again."""
    port = receivers.free_port()
    hook(port)
    raised()
    AlarmDelivery.objects.update(created_at=now() - timedelta(hours=73))
    assert deliver_due() == Delivered(given_up=1)
    event = AuditRecord.objects.get(code="audit:delivery:given-up")
    assert event.resource == f"webhook:http://127.0.0.1:{port}/alarms"
    settings.JTSEC_AUDIT_ALARM_WEBHOOKS = []
    assert from_event(event).rule == "audit:delivery:given-up"
    hook(port)
    send_again(AlarmDelivery.objects.get())
    inbox = Inbox()
    with receivers.web(inbox, port=port):
        assert deliver_due() == Delivered(sent=1)
    assert AuditRecord.objects.filter(code="audit:delivery:resent").exists()


def test_what_a_killed_worker_had_in_its_hands_comes_due_again(hook: Any):
    """Its claim ends by itself; until then nobody sends it a second time."""
    from jtsec.audit.alarms import outbox

    inbox = Inbox()
    with receivers.web(inbox) as port:
        hook(port)
        raised()
        row = AlarmDelivery.objects.get()
        assert outbox._claim(row)
        assert deliver_due() == Delivered(waiting=1)
        come_due()
        assert deliver_due() == Delivered(sent=1)


def test_two_workers_with_one_message_send_it_once(hook: Any):
    """The UPDATE that claims it is for one of them."""
    from jtsec.audit.alarms import outbox

    hook(1)
    raised()
    first, second = AlarmDelivery.objects.get(), AlarmDelivery.objects.get()
    assert outbox._claim(first)
    assert not outbox._claim(second)


@pytest.mark.parametrize("kind", ["silent", "dripping"])
def test_a_hanging_receiver_hangs_nothing(hook: Any, kind: str):
    """Neither one that never answers nor one that never ends its answer."""
    with getattr(receivers, kind)() as port:
        hook(port)
        raised()
        start = elapsed()
        assert deliver_due() == Delivered(failed=1, waiting=1)
        assert elapsed() - start < 3


@pytest.mark.parametrize("status", [200, 202, 204])
def test_any_status_of_success_is_success(hook: Any, status: int):
    """What the receiver says beside it is not even read."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", "100000000")
        request.end_headers()

    with receivers.web(Inbox(), answer) as port:
        hook(port)
        raised()
        assert deliver_due().sent == 1


@pytest.mark.parametrize("status", [301, 302, 307, 400, 403, 500, 503])
def test_any_other_answer_is_a_failure(hook: Any, status: int):
    """Also a redirect, which is never followed (CWE-918)."""
    elsewhere = Inbox()
    with receivers.web(elsewhere) as other:

        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            request.send_header("Location", f"http://127.0.0.1:{other}/")
            request.end_headers()

        with receivers.web(Inbox(), answer) as port:
            hook(port)
            raised()
            assert deliver_due() == Delivered(failed=1, waiting=1)
    assert f"answered {status}" in AlarmDelivery.objects.get().fault
    assert elsewhere.got == []


def test_a_receiver_taken_off_the_list_gets_nothing_more(hook: Any):
    """The list is asked when it is sent, not only when it is written."""
    inbox = Inbox()
    with receivers.web(inbox) as port:
        hook(port)
        raised()
        hook(1)
        assert deliver_due().failed == 1
    assert inbox.got == []


def test_it_is_not_done_inside_a_transaction(hook: Any):
    """Which would stay open, with its locks, while a receiver keeps us waiting."""
    with pytest.raises(RuntimeError), transaction.atomic():
        deliver_due()


def test_a_stuck_attempt_blocks_its_receiver_only(settings: Any, monkeypatch: Any):
    """A mail backend that never returns costs one thread, not one an attempt."""
    release = threading.Event()
    calls: list[str] = []

    def hang(target: str, message: Any) -> None:
        calls.append(target)
        release.wait(20)

    senders = {**channels.SENDERS, "email": hang}
    monkeypatch.setattr(channels, "SENDERS", senders)
    settings.JTSEC_AUDIT_ALARM_EMAIL_RECIPIENTS = ["a@b.example"]
    settings.JTSEC_AUDIT_ALARM_TIMEOUT_SECONDS = 1
    raised()
    assert deliver_due().failed == 1
    come_due()
    assert deliver_due().failed == 1
    assert calls == ["a@b.example"]
    assert "come back" in AlarmDelivery.objects.get().fault
    release.set()


def test_a_request_is_answered_while_every_receiver_hangs(settings: Any, hook: Any):
    """Sending after responses has a thread of its own, and at most one."""
    from jtsec.audit.alarms.after_responses import SENDING, look_after_response

    with receivers.silent() as port:
        hook(port)
        settings.JTSEC_AUDIT_ALARM_TIMEOUT_SECONDS = 60
        raised()
        look_after_response.come_due()
        for _number in range(3):
            assert Client().get(reverse("jtsec:login")).status_code == 200
        # All three were answered, and the receiver has not answered yet.
        assert "jtsec-alarms" in {one.name for one in threading.enumerate()}
    # What listened is gone, which ends the attempt.
    SENDING.wait()
    row = AlarmDelivery.objects.get()
    assert (row.state, row.attempts) == (DeliveryState.WAITING, 1)
    assert Alarm.objects.count() == 1


@pytest.mark.clause("P61")
def test_what_is_overdue_is_escalated_after_a_response_without_any_receiver():
    """As somebody's: the system's. The first response of a process does not wait."""
    from jtsec.audit.alarms.after_responses import look_after_response

    alarm = raised()
    Alarm.objects.update(due_at=now() - timedelta(seconds=1))
    look_after_response.begin_anew()
    Client().get(reverse("jtsec:login"))
    assert not alarm.steps.filter(kind="escalated").exists()
    look_after_response.come_due()
    Client().get(reverse("jtsec:login"))
    assert alarm.steps.get(kind="escalated").actor_username == "jtsec_alarms"


def test_a_fault_after_a_response_takes_no_worker_with_it(settings: Any):
    """A setting nobody can use is told of by the checks, not by a broken server."""
    from jtsec.audit.alarms.after_responses import look_after_response

    settings.JTSEC_AUDIT_ALARM_WEBHOOKS = ["nonsense"]
    look_after_response.come_due()
    assert Client().get(reverse("jtsec:login")).status_code == 200


def test_a_clock_set_back_keeps_no_message_waiting(hook: Any):
    """Written by a clock that was a day ahead, it is sent when the clock is right."""
    inbox = Inbox()
    with receivers.web(inbox) as port:
        hook(port)
        raised()
        AlarmDelivery.objects.update(next_at=now() + timedelta(days=1))
        assert deliver_due().sent == 1
    assert len(inbox.got) == 1


def test_a_process_without_threads_left_tries_again(hook: Any, monkeypatch: Any):
    """Nothing hangs then, so the receiver is not taken for one that does."""
    inbox = Inbox()

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("can't start new thread")

    with receivers.web(inbox) as port:
        hook(port)
        raised()
        with monkeypatch.context() as without:
            without.setattr(channels._Attempt, "start", refuse)
            assert deliver_due().failed == 1
        come_due()
        assert deliver_due().sent == 1
