"""
An existing table is encrypted in place and back by processes that are killed.

Thirty thousand rows in a run of the suite; `JTSEC_TEST_EXISTING_ROWS=1000000` for a
million.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from tests import databases
from tests.plainapp.models import Dossier

ROWS = int(os.environ.get("JTSEC_TEST_EXISTING_ROWS", "30000"))
PATIENCE = 120 + ROWS / 200

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.clause("A6.3"),
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL"),
]

# As `migrate` runs it, there or back.
PROGRAM = """
import sys
import django
django.setup()
from django.db import connection
from jtsec.fields.operations import EncryptExisting
from django.db.migrations.state import ModelState, ProjectState
from tests.plainapp.models import Dossier
state = ProjectState()
state.add_model(ModelState.from_model(Dossier))
operation = EncryptExisting("dossier", "old_text", "text")
verb = getattr(operation, sys.argv[1])
with connection.schema_editor(atomic=False) as editor:
    verb("plainapp", editor, state, state)
"""


def fill() -> None:
    """Make the rows, each with a value of its own."""
    for begin in range(0, ROWS, 10_000):
        end = min(begin + 10_000, ROWS)
        Dossier.objects.bulk_create(
            [Dossier(name=f"{n}", old_text=value_of(n)) for n in range(begin, end)],
            batch_size=2_000,
        )


def value_of(number: int) -> str:
    """Return what a row holds: of any length, and not ASCII alone."""
    return f"住址 {number} " + "路" * (number % 40)


def start(verb: str) -> subprocess.Popen[bytes]:
    """Start a process that moves the values, there or back."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, verb],
        env=databases.child_environment(),
    )


def kill_after(process: subprocess.Popen[bytes], source: str, most_left: int) -> None:
    """Kill it once no more than so many values are left where they were."""
    waiting = Dossier.objects.filter(**{f"{source}__isnull": False})
    end = time.monotonic() + PATIENCE
    while waiting.count() > most_left:
        assert time.monotonic() < end
        assert process.poll() is None, "it ended before it was killed"
        time.sleep(0.02 if ROWS < 100_000 else 1)
    process.send_signal(signal.SIGKILL)
    process.wait()


def require_values(source: str, target: str) -> int:
    """Every row has its value, in exactly one column; return how many are moved."""
    seen = moved = 0
    rows = Dossier.objects.values_list("name", source, target)
    for name, before, after in rows.iterator(chunk_size=5_000):
        held = [one for one in (before, after) if one is not None]
        assert held == [value_of(int(name))]
        seen += 1
        moved += after is not None
    assert seen == ROWS
    return moved


def test_a_table_is_encrypted_and_decrypted_though_each_run_is_killed_twice() -> None:
    """No value is lost, doubled or encrypted twice, and the last run finishes."""
    fill()
    ways = (
        ("database_forwards", "old_text", "text"),
        ("database_backwards", "text", "old_text"),
    )
    for verb, source, target in ways:
        begun, moved = time.monotonic(), 0
        for left in (2 * ROWS // 3, ROWS // 3):
            kill_after(start(verb), source, left)
            now = require_values(source, target)
            assert moved < now < ROWS
            moved = now
        assert start(verb).wait(PATIENCE * 10) == 0
        assert require_values(source, target) == ROWS
        print(f"{verb}: {ROWS} rows, {time.monotonic() - begun:.0f} s in all")
    plain = Dossier.objects.exclude(text=None, text_index=None)
    assert not plain.exists()
