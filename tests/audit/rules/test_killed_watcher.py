"""Watchers that die, and watchers that come together: each finding is told once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import timedelta

import pytest

from benchmarks import history_writing
from jtsec.audit.alarms.models import Alarm
from jtsec.audit.rules import api as rules
from jtsec.audit.rules.models import RuleCursor
from tests import databases
from tests.audit.dying import dying_in
from tests.audit.rules.events import MONDAY, happened, occurrences, row_of, seal_all

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.clause("A5.7"),
]

DYING = dying_in("jtsec.audit.rules.api", "watch")

TOGETHER = """
import time, sys
import django
django.setup()
from django.db import OperationalError
from jtsec.audit.rules.api import WatcherBusy, lag, watch
while time.time() < float(sys.argv[1]):
    pass
while lag():
    try:
        watch()
    except (WatcherBusy, OperationalError):
        time.sleep(0.01)
"""

DEATHS = int(os.environ.get("JTSEC_TEST_DEATHS", "5"))
BROKEN = "identity:seal:broken"


def process(program, argument):
    """Start a process on this test's database."""
    return subprocess.Popen(
        [sys.executable, "-c", program, str(argument)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=databases.child_environment(),
    )


def watch_until(lines):
    """Let a process watch until it has run so many lines; 0 for to the end."""
    started = process(DYING, lines)
    said, faults = started.communicate(timeout=120)
    assert started.returncode in (-9, 0), faults
    return int(said or 0)


def checkpoints(number, turn=0):
    """Seal so many checkpoints, each with one rush and one altered row."""
    for part in range(number):
        start = MONDAY + timedelta(days=turn, hours=part)
        history_writing.write([*row_of(70, 0.1, start), happened(start, BROKEN, None)])
        seal_all()


def test_a_watcher_killed_anywhere_misses_and_doubles_nothing():
    """Deaths spread over all the lines of a look; then one that lives."""
    checkpoints(1)
    whole = watch_until(0)
    chosen = random.Random(5)
    for turn in range(DEATHS):
        checkpoints(1, turn + 1)
        low, high = turn * whole // DEATHS, (turn + 1) * whole // DEATHS
        watch_until(chosen.randint(low + 1, high))
        assert occurrences("failed-integrity") <= turn + 2
    rules.watch()
    assert occurrences("failed-integrity") == DEATHS + 1
    assert occurrences("high-frequency") == DEATHS + 1


def test_watchers_that_come_together_tell_each_finding_once():
    """Four processes at the same instant, over a dozen checkpoints."""
    import time

    checkpoints(12)
    before = RuleCursor.objects.get_or_create(pk=1)[0].number
    begin = time.time() + 4
    started = [process(TOGETHER, begin) for _ in range(4)]
    for one in started:
        _said, faults = one.communicate(timeout=120)
        assert one.returncode == 0, faults
    assert RuleCursor.objects.get().number >= before + 12
    assert occurrences("failed-integrity") == 12
    assert occurrences("high-frequency") == 12
    assert Alarm.objects.filter(rule="audit:rule:failed-integrity").count() == 1
