"""Processes that die and threads that collide leave a true log."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from django.db import connection

from jtsec.audit.api import record
from jtsec.audit.models import AuditRecord
from jtsec.audit.verification import verify_record
from jtsec.authentication.models import Place
from tests import databases
from tests.audit.declared import PermitGranted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

PROGRAM = """
import logging, os, sys
import django
django.setup()
from django.db import transaction
from jtsec.audit.api import boundary, record
from jtsec.authentication.models import Place
from tests.audit.declared import PermitGranted, PermitRefused
logging.basicConfig(stream=sys.stderr, level=logging.INFO)
with boundary():
    with transaction.atomic():
        Place.objects.create(name="changed", networks=[])
        record(PermitGranted(resource="changed"))
        record(PermitRefused(resource="refused"))
        if sys.argv[1] == "before":
            os._exit(9)
    os._exit(9)
"""


def die(moment: str) -> str:
    """Run the program until it dies at a moment, and return its log."""
    environment = databases.environment(connection.settings_dict)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, moment],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            **environment,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
    )
    assert done.returncode == 9, done.stderr
    return done.stderr


@pytest.mark.clause("A5.1")
def test_a_crash_before_the_commit_leaves_neither_change_nor_record():
    """One transaction holds both."""
    log = die("before")
    assert not Place.objects.exists()
    assert not AuditRecord.objects.exists()
    assert "tests:permit:refused" in log


@pytest.mark.clause("A5.1")
def test_a_crash_after_the_commit_leaves_both():
    """What the crash loses is the held refusal's row; its copy is in the log."""
    log = die("after")
    assert Place.objects.filter(name="changed").exists()
    assert [row.resource for row in AuditRecord.objects.all()] == ["changed"]
    assert "tests:permit:refused" in log


def test_many_writers_at_once_lose_nothing():
    """No lock, no number to fight for: every record is there and verifies."""
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for number in range(25):
                record(PermitGranted(resource=str(number), owner="x"))
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    rows = list(AuditRecord.objects.all())
    assert len(rows) == 200
    assert len({row.event_id for row in rows}) == 200
    for row in rows:
        verify_record(row)
