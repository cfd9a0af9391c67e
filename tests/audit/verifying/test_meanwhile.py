"""Verification finds nothing in an honest log, while it is written and sealed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from django.db import connection

from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.audit.verifying import processes
from jtsec.audit.verifying.api import verify
from tests import databases
from tests.audit.verifying import attacks
from tests.audit.verifying.test_attacks import found

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.clause("A5.8"),
]

SECONDS = 8

WRITER = """
import random, sys, time
import django
django.setup()
from django.db import DatabaseError, connection, transaction
from jtsec.audit.api import AuditUnavailable, record
from tests.audit.declared import PermitGranted, PermitRefused
random.seed(int(sys.argv[1]))
print("ready", flush=True)
while True:
    try:
        with transaction.atomic():
            for number in range(random.randrange(1, 6)):
                record(PermitGranted(resource=str(number), owner="x"))
            # Numbers of a transaction that stays open are passed over; some for good.
            if connection.vendor != "sqlite":
                time.sleep(random.choice((0, 0, 0.01, 0.3)))
            if random.random() < 0.2:
                transaction.set_rollback(True)
        if random.random() < 0.2:
            record(PermitRefused(reason="x"))
    except (AuditUnavailable, DatabaseError):
        pass
    time.sleep(random.random() / 50)
"""

SEALER = """
import time
import django
django.setup()
from jtsec.audit.api import AuditUnavailable
from jtsec.audit.sealing.api import CannotSeal, seal_now
print("ready", flush=True)
while True:
    try:
        seal_now()
    except (CannotSeal, AuditUnavailable):
        pass
    time.sleep(0.05)
"""


@contextmanager
def running(*programs: tuple[str, ...]) -> Iterator[None]:
    """Let programs run beside a block; each has told that it began."""
    environment = databases.child_environment()
    started = [
        subprocess.Popen(
            [sys.executable, "-c", *program],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        for program in programs
    ]
    try:
        for one in started:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        yield
        assert all(one.poll() is None for one in started), "a program has ended"
    finally:
        for one in started:
            one.kill()
            one.wait()
            if one.stdout is not None:
                one.stdout.close()


def test_an_honest_log_is_whole_at_every_moment(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Late commits, rollbacks, a sealer at work: nothing is found, in any mode."""
    monkeypatch.setattr(processes, "ROWS", 200)
    writers = [(WRITER, str(number)) for number in range(3)]
    rounds = 0
    with running(*writers, (SEALER,)):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            for deep in (True, False):
                report = verify(deep=deep)
                assert found(report) == []
                rounds += 1
        assert found(verify(processes=2)) == []
    assert rounds > 3
    assert AuditCheckpoint.objects.count() > 10
    assert AuditRecord.objects.count() > 50
    if connection.vendor != "sqlite":
        assert any(one.parsed().late for one in AuditCheckpoint.objects.all())
        assert any(one.parsed().gaps for one in AuditCheckpoint.objects.all())


def test_an_altered_row_is_found_while_others_are_written(
    transactional_db: None,
) -> None:
    """Nothing that goes on beside it hides it."""
    with running((WRITER, "1"), (SEALER,)):
        while AuditCheckpoint.objects.count() < 3:
            time.sleep(0.05)
        body = AuditCheckpoint.objects.get(number=2).parsed()
        target = next(body.members())
        while True:
            try:
                attacks.change(target, "mac", bytes(32))
                break
            except Exception:
                # SQLite's writers and the owner get into each other's way.
                time.sleep(0.05)
        report = verify()
    assert found(report) == [("altered", 2, target)]
