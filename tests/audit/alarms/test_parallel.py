"""Processes that find the same thing at once, and workers that die while sending."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from typing import Any

import pytest

from django.db import OperationalError, transaction

from jtsec.audit.alarms.deadlocks import again_after_deadlock
from jtsec.audit.alarms.models import Alarm, AlarmDelivery, AlarmStep, DeliveryState
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from tests import databases
from tests.audit.alarms import receivers
from tests.audit.alarms.people import raised
from tests.audit.alarms.receivers import Inbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

START = """
import json, os, sys, time
import django
from django.conf import settings
django.setup()
for name, value in json.loads(os.environ["CHOSEN"]).items():
    setattr(settings, name, value)
# A machine under load answers late; here nobody waits for one that does not.
settings.JTSEC_AUDIT_ALARM_TIMEOUT_SECONDS = 60
from jtsec.audit.alarms import api
from jtsec.core.context import Actor, acting_as
print("ready", flush=True)
sys.stdin.readline()
"""
RAISING = """
for number in range(40):
    api.raise_alarm("tests:rule:often", severity=40, key=str(number % 4),
                    events=(f"{os.getpid()}-{number}",))
"""
RAISING_AND_CLOSING = """
from jtsec.core.exceptions import InputError
me = Actor(kind="person", uid=str(os.getpid()), username="a", duty="audit")
for number in range(15):
    alarm = api.raise_alarm("tests:rule:often", severity=40, key="one")
    with acting_as(me):
        try:
            api.close(alarm, api.State.HANDLED, note="x")
        except InputError:
            pass
"""
ESCALATING = "print(len(api.escalate_overdue()), flush=True)"
DELIVERING = "print(api.deliver_due().sent, flush=True)"


def children(
    program: str, number: int, chosen: Mapping[str, Any] | None = None
) -> list[subprocess.Popen[str]]:
    """Start processes that do the same thing at the same instant."""
    environment = databases.child_environment(CHOSEN=json.dumps(dict(chosen or {})))
    started = [
        subprocess.Popen(
            [sys.executable, "-c", START + program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for _number in range(number)
    ]
    for one in started:
        assert one.stdout is not None
        assert one.stdin is not None
        assert one.stdout.readline() == "ready\n", one.communicate()[1]
    for one in started:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    return started


def outputs(started: list[subprocess.Popen[str]]) -> list[str]:
    """Wait for them, and return what they printed."""
    answers = [one.communicate(timeout=120) for one in started]
    for one, (_out, err) in zip(started, answers, strict=True):
        assert one.returncode == 0, err
    return [out.strip() for out, _err in answers]


@pytest.mark.slow
@pytest.mark.clause("A5.5")
def test_processes_that_find_the_same_open_one_alarm_and_lose_no_count():
    """Four processes, four matters, 160 findings: four alarms that count to 40."""
    outputs(children(RAISING, 4))
    assert sorted(Alarm.objects.values_list("key", "occurrences")) == [
        (str(key), 40) for key in range(4)
    ]
    for alarm in Alarm.objects.all():
        assert len(alarm.events) == len(set(alarm.events)) == 40
        assert alarm.steps.count() == 1
    assert AuditRecord.objects.filter(code="audit:alarm:raised").count() == 4


@pytest.mark.slow
def test_closing_at_the_same_instant_never_leaves_two_open_ones():
    """Every finding is counted exactly once, in whichever alarm was open."""
    outputs(children(RAISING_AND_CLOSING, 4))
    rows = list(Alarm.objects.order_by("id"))
    assert sum(row.occurrences for row in rows) == 60
    assert sum(row.fingerprint is not None for row in rows) <= 1
    steps = Counter(AlarmStep.objects.values_list("alarm_id", "kind"))
    assert max(steps.values()) == 1, "raised, closed and recurred: once each"
    for earlier, later in pairwise(rows):
        assert later.earlier == earlier


@pytest.mark.slow
@pytest.mark.clause("P61")
def test_processes_that_escalate_at_once_do_it_once():
    """One step, one level, one more message for each."""
    for number in range(6):
        raised(str(number))
    Alarm.objects.update(due_at=now() - timedelta(minutes=1))
    said = outputs(children(ESCALATING, 3))
    assert sum(map(int, said)) == 6
    assert AlarmStep.objects.filter(kind="escalated").count() == 6
    assert set(Alarm.objects.values_list("level", flat=True)) == {50}


@pytest.mark.slow
def test_workers_at_the_same_outbox_send_each_message_once(settings: Any):
    """Thirty messages, three workers, thirty arrivals."""
    inbox = Inbox()
    with receivers.web(inbox) as port:
        chosen = {"JTSEC_AUDIT_ALARM_WEBHOOKS": [f"http://127.0.0.1:{port}/a"]}
        settings.JTSEC_AUDIT_ALARM_WEBHOOKS = chosen["JTSEC_AUDIT_ALARM_WEBHOOKS"]
        for number in range(30):
            raised(str(number))
        said = outputs(children(DELIVERING, 3, chosen))
    assert sum(map(int, said)) == 30
    arrived = [headers["X-Jtsec-Delivery"] for _path, headers, _body in inbox.got]
    assert len(arrived) == len(set(arrived)) == 30


@pytest.mark.slow
@pytest.mark.clause("A5.5")
def test_a_worker_killed_while_it_sends_loses_nothing(settings: Any):
    """What it had in its hands comes again with the same number; the rest once."""
    inbox = Inbox()

    def slowly(request: BaseHTTPRequestHandler) -> None:
        time.sleep(0.3)
        request.send_response(204)
        request.end_headers()

    with receivers.web(inbox, slowly) as port:
        chosen = {"JTSEC_AUDIT_ALARM_WEBHOOKS": [f"http://127.0.0.1:{port}/a"]}
        settings.JTSEC_AUDIT_ALARM_WEBHOOKS = chosen["JTSEC_AUDIT_ALARM_WEBHOOKS"]
        for number in range(8):
            raised(str(number))
        (victim,) = children(DELIVERING, 1, chosen)
        inbox.wait(3)
        victim.send_signal(signal.SIGKILL)
        victim.communicate()
        # The lease of the one it held is long; let it be over.
        AlarmDelivery.objects.filter(state=DeliveryState.WAITING).update(
            next_at=now() - timedelta(seconds=1)
        )
        outputs(children(DELIVERING, 1, chosen))
    assert set(AlarmDelivery.objects.values_list("state", flat=True)) == {"sent"}
    arrived = Counter(headers["X-Jtsec-Delivery"] for _p, headers, _b in inbox.got)
    wanted = {str(row.number) for row in AlarmDelivery.objects.all()}
    assert set(arrived) == wanted
    assert sum(arrived.values()) <= 9, "only what was under way comes twice"


class Deadlock(OperationalError):
    """As PostgreSQL's driver raises it."""

    sqlstate = "40P01"


@pytest.mark.parametrize(
    "fault", [OperationalError(1213, "Deadlock found"), Deadlock("deadlock detected")]
)
def test_the_victim_of_a_deadlock_does_its_transaction_again(fault: Exception):
    """Not inside another one, which is gone as a whole; nor for other faults."""
    left = [fault, fault]

    def work() -> str:
        if left:
            raise left.pop()
        return "done"

    assert again_after_deadlock(work, "default") == "done"
    left.append(fault)
    with pytest.raises(OperationalError), transaction.atomic():
        again_after_deadlock(work, "default")
    left.append(OperationalError(2006, "gone away"))
    with pytest.raises(OperationalError, match="gone away"):
        again_after_deadlock(work, "default")
