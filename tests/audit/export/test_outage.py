"""The receiver of the police format is down: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from jtsec.audit.api import record
from jtsec.audit.export.models import AuditExportBatch
from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import seal_now
from tests import databases
from tests.audit.declared import PermitGranted
from tests.audit.export.made import SYSTEM, Platform

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.clause("A5.11", "T9.1"),
]

MINUTES = "JTSEC_TEST_OUTAGE_MINUTES"
"""How long the receiver is down; seconds where it is not set."""

PROGRAM = """
import os, sys
import django
from django.conf import settings
import tests.settings
for name, value in {
    "SYSTEM_ID": os.environ["T_SYSTEM"], "URL": os.environ["T_URL"],
    "RECEIVERS": [os.environ["T_RECEIVER"]], "SECRET_FILE": os.environ["T_SECRET"],
    "RETRY_SECONDS": 1, "RETRY_LIMIT_SECONDS": 2, "TIMEOUT_SECONDS": 1,
    "BATCH_ROWS": 20,
}.items():
    setattr(tests.settings, "JTSEC_AUDIT_EXPORT_" + name, value)
django.setup()
from django.core.management import call_command
call_command("jtsec_audit_export", loop=True, interval=0.1)
"""


class Exporter:
    """The command with `--loop`, in a process that can be killed."""

    def __init__(self, platform: Platform, url: str, secret: str) -> None:
        self.environment = databases.child_environment(
            T_SYSTEM=SYSTEM,
            T_URL=url,
            T_RECEIVER=f"127.0.0.1:{platform.port}",
            T_SECRET=secret,
        )
        self.start()

    def start(self) -> None:
        """Start it."""
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """Kill it at whatever it is doing."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def write(rounds: int) -> None:
    """Record and seal events."""
    for number in range(rounds):
        record(PermitGranted(resource=f"permit:{number}", owner="张三"))
    seal_now()


def wait_until_all_is_sent(deadline: float = 60) -> set[str]:
    """Wait until every row there is was accepted; return the numbers of those."""
    end = time.monotonic() + deadline
    while time.monotonic() < end:
        waiting = AuditExportBatch.objects.exclude(state="accepted").count()
        rows = sum(AuditExportBatch.objects.values_list("rows", flat=True))
        found = AuditRecord.objects.values_list("event_id", flat=True)
        numbers = {number.hex for number in found}
        sealed = len(numbers)
        if not waiting and rows == sealed:
            return numbers
        seal_now()
        time.sleep(0.2)
    raise AssertionError(f"{waiting} batches wait, {rows} of {sealed} rows are packed")


@pytest.fixture
def secret(tmp_path):
    """Return the secret's file."""
    return str(tmp_path / "platform.secret")


def test_after_an_outage_every_event_arrived_exactly_once(secret):
    """Events go on, the exporter is killed twice, the receiver comes back."""
    down = float(os.environ.get(MINUTES, "0")) * 60 or 6
    platform = Platform()
    with platform.serving() as url:
        port = platform.port
        exporter = Exporter(platform, url, secret)
        try:
            write(50)
            wait_until_all_is_sent()
        except BaseException:
            exporter.kill()
            raise
    try:
        end = time.monotonic() + down
        killed = 0
        while time.monotonic() < end:
            write(5)
            time.sleep(min(0.5, down / 10))
            if killed < 2 and time.monotonic() > end - down * (2 - killed) / 3:
                exporter.kill()
                exporter.start()
                killed += 1
        assert AuditExportBatch.objects.filter(state="waiting").exists()
        with platform.serving(port):
            write(5)
            expected = wait_until_all_is_sent()
    finally:
        exporter.kill()
    arrived = Counter(platform.numbers())
    assert set(arrived.values()) == {1}
    # The exporter's own events go on; none of those before is lost.
    assert expected <= set(arrived)
    assert AuditRecord.objects.filter(code="audit:export:unreachable").count() == 1
    assert AuditRecord.objects.filter(code="audit:export:resumed").count() == 1


def test_killed_at_any_moment_it_loses_nothing_and_doubles_only_whole_batches(secret):
    """What arrives twice has the number it had the first time, and the same bytes."""
    platform = Platform()
    with platform.serving() as url:
        exporter = Exporter(platform, url, secret)
        try:
            for number in range(8):
                write(60)
                time.sleep(1.0 + 0.11 * number)
                exporter.kill()
                # The lease of the killed one runs out; nobody waits that long here.
                from jtsec.audit.export.models import AuditExportCursor

                AuditExportCursor.objects.update(lease="")
                exporter.start()
            expected = wait_until_all_is_sent()
        finally:
            exporter.kill()
    by_number: dict[str, set[str]] = {}
    for message in platform.received:
        by_number.setdefault(message["sendId"], set()).add(message["logContents"])
    assert {len(contents) for contents in by_number.values()} == {1}
    once = {one["sendId"]: one for one in platform.received}
    taken = Platform()
    taken.received = list(once.values())
    arrived = Counter(taken.numbers())
    assert set(arrived.values()) == {1}
    assert expected <= set(arrived)
