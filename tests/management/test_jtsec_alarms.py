"""manage.py jtsec_alarms: lists, escalates, sends; with codes a script can read."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest

from django.core.management import CommandError, call_command
from django.db import connection

from jtsec.audit.alarms.models import Alarm
from jtsec.audit.alarms.webhook import receiver_key
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from tests import databases
from tests.audit.alarms import receivers
from tests.audit.alarms.people import raised
from tests.audit.alarms.receivers import Inbox

pytestmark = pytest.mark.django_db(transaction=True)


def said(*arguments: str) -> Any:
    """Run the command, and return what it printed as JSON."""
    out = StringIO()
    call_command("jtsec_alarms", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_it_lists_what_is_open() -> None:
    """With the words of the page."""
    assert said() == []
    alarm = raised()
    (shown,) = said()
    assert (shown["number"], shown["occurrences"]) == (str(alarm.number), 1)
    assert (shown["state"], shown["overdue"]) == ("open", False)
    out = StringIO()
    call_command("jtsec_alarms", stdout=out)
    assert "zhang" in out.getvalue()


@pytest.mark.clause("P61")
def test_it_escalates_and_sends(settings: Any) -> None:
    """As a named actor; exit 1 while something waits."""
    inbox = Inbox()
    with receivers.web(inbox) as port:
        target = f"http://127.0.0.1:{port}/a"
        settings.JTSEC_AUDIT_ALARM_WEBHOOKS = [target]
        raised()
        Alarm.objects.update(due_at=now() - timedelta(seconds=1))
        figures = {"escalated": 1, "sent": 2, "failed": 0, "given_up": 0, "waiting": 0}
        assert said("--deliver") == figures
    event = AuditRecord.objects.get(code="audit:alarm:escalated")
    assert event.actor_username == "jtsec_alarms"
    raised("down")
    with pytest.raises(CommandError) as failed:
        said("--deliver")
    assert failed.value.returncode == 1


def test_it_shows_the_key_of_a_listed_receiver(settings: Any) -> None:
    """And refuses any other (exit 2)."""
    settings.JTSEC_AUDIT_ALARM_WEBHOOKS = ["https://siem.example:8443/a"]
    key_id, key = receiver_key("https://siem.example:8443/a")
    shown = said("--receiver-key", "https://siem.example:8443/a")
    assert shown == {"key_id": key_id, "key": key.hex()}
    with pytest.raises(CommandError) as failed:
        said("--receiver-key", "https://other.example:8443/a")
    assert failed.value.returncode == 2


@pytest.mark.parametrize("pause", ["0", "-1", "x", "3601"])
def test_a_loop_has_a_pause(pause: str) -> None:
    """None would turn it into a storm."""
    with pytest.raises(CommandError):
        call_command("jtsec_alarms", "--deliver", "--loop", pause)


@pytest.mark.slow
@pytest.mark.concurrency
def test_the_loop_sends_what_comes_and_ends_in_order(settings: Any) -> None:
    """Asked to end, it ends; what came meanwhile has left."""
    inbox = Inbox()
    with receivers.web(inbox) as port:
        settings.JTSEC_AUDIT_ALARM_WEBHOOKS = [f"http://127.0.0.1:{port}/a"]
        program = (
            "import django; django.setup(); from django.conf import settings; "
            f"settings.JTSEC_AUDIT_ALARM_WEBHOOKS = ['http://127.0.0.1:{port}/a']; "
            "from django.core.management import call_command; "
            "call_command('jtsec_alarms', '--deliver', '--loop', '1')"
        )
        environment = databases.environment(connection.settings_dict)
        running = subprocess.Popen(
            [sys.executable, "-c", program],
            env={
                **os.environ,
                **environment,
                "DJANGO_SETTINGS_MODULE": "tests.settings",
            },
            stdout=subprocess.DEVNULL,
        )
        try:
            for number in range(3):
                raised(str(number))
                inbox.wait(number + 1, 30)
        finally:
            running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0
    assert len(inbox.got) == 3
