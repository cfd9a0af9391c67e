"""
Writers and sealers are killed at random under load: what was promised is there.

Ten seconds in a run of the suite; `JTSEC_TEST_KILLING_SECONDS=300` for five minutes.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import psutil
import pytest

from django.db import connection
from django.test import override_settings

from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import checkpoints_after, lag, seal_now
from jtsec.audit.verifying.api import verify
from jtsec.authentication.models import Place
from tests import databases
from tests.services.fixtures import StartGunicorn

from .log import require_whole

SECONDS = float(os.environ.get("JTSEC_TEST_KILLING_SECONDS", "10"))
CLIENTS = 8

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.clause("A5.1", "A5.8"),
]


class Clients:
    """Ask for grants without end, and remember what was promised."""

    def __init__(self, url: str) -> None:
        self.promised: list[str] = []
        self.failed = 0
        self._url = f"{url}/grant/"
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._ask, args=(one,)) for one in range(CLIENTS)
        ]
        for thread in self._threads:
            thread.start()

    def _ask(self, client: int) -> None:
        turn = 0
        while not self._stopped.is_set():
            turn += 1
            name = f"permit-{client}-{turn}"
            try:
                body = urlencode({"name": name}).encode()
                with urlopen(self._url, data=body, timeout=60) as response:
                    # The head of the answer says success; its body may be cut off.
                    self.promised.append(name)
                    response.read()
            # A killed worker's client learns nothing, and may not count on anything.
            except (OSError, HTTPException):
                self.failed += 1
                time.sleep(0.05)

    def stop(self) -> None:
        """Ask no more, and wait for the answers that are on the way."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()


class Sealer:
    """A sealing loop that is started again when it is gone."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "django", "jtsec_audit_seal", "--loop"),
                *("--seconds", "0.3"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self._environment,
        )

    def kill(self) -> None:
        """Kill it by SIGKILL, and start another."""
        self.stop()
        self.process = self._start()

    def stop(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()


def kill_at_random(server: int, sealer: Sealer) -> int:
    """Kill workers and the sealer for as long as the test takes; returns how often."""
    chosen = random.Random(20260301)
    end = time.monotonic() + SECONDS
    killed = 0
    while time.monotonic() < end:
        time.sleep(chosen.uniform(0.2, 2.5))
        workers = psutil.Process(server).children()
        if workers and chosen.random() < 0.6:
            os.kill(chosen.choice(workers).pid, signal.SIGKILL)
        else:
            sealer.kill()
        killed += 1
    return killed


def wait_until_gone(server: int, stop: Callable[[], None]) -> None:
    """End the server with its workers."""
    children = psutil.Process(server).children(recursive=True)
    stop()
    psutil.wait_procs(children, timeout=60)


def work_and_kill(start: StartGunicorn, anchor: str) -> tuple[Clients, int]:
    """Serve, ask, seal and kill; returns the clients and how often it was killed."""
    environment = databases.child_environment(
        "tests.audit.sealing.killed_settings", JTSEC_TEST_ANCHOR=anchor
    )
    server = start(
        "tests.audit.sealing.killed_wsgi:application",
        workers=3,
        threads=4,
        environment={"JTSEC_TEST_ANCHOR": anchor},
        database=connection.settings_dict,
    )
    clients, sealer = Clients(server.url), Sealer(environment)
    try:
        return clients, kill_at_random(server.pid, sealer)
    finally:
        clients.stop()
        sealer.stop()
        wait_until_gone(server.pid, server.stop)


def test_what_was_promised_is_recorded_sealed_and_verifies(
    gunicorn_server: StartGunicorn, tmp_path: Path
):
    """Every answer of success has its event; nothing else changed without one."""
    anchor = f"file:{tmp_path / 'anchor.log'}"
    clients, killed = work_and_kill(gunicorn_server, anchor)
    with override_settings(JTSEC_AUDIT_ANCHORS=[anchor]):
        while lag().rows:
            seal_now()
        require_promises(clients.promised)
        require_whole()
        report = verify()
    assert [str(one) for one in report.findings] == []
    assert report.exit_code == 0
    alarms = AuditRecord.objects.filter(severity=40)
    assert list(alarms.values_list("code", "reason")) == []
    print(
        f"{killed} kills, {len(clients.promised)} promises, {clients.failed} failures, "
        f"{AuditRecord.objects.count()} records, "
        f"{len(list(checkpoints_after(0)))} checkpoints"
    )
    assert killed > 5
    assert len(clients.promised) > 50


def require_promises(promised: list[str]) -> None:
    """Each promise has its change and its event; no change is without its event."""
    granted = AuditRecord.objects.filter(code="tests:permit:granted")
    recorded = list(granted.values_list("resource", flat=True))
    assert len(recorded) == len(set(recorded))
    changed = set(Place.objects.values_list("name", flat=True))
    assert changed == set(recorded)
    assert set(promised) <= changed
