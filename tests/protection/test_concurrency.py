"""Writers at the same instant leave sound tables, whatever lanes they drew."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading

import pytest

from django.db import OperationalError, connection, transaction
from django.db.models import F

from jtsec.protection import lanes
from jtsec.protection.api import Exit, verify
from jtsec.protection.lane_state import LANES
from tests import databases
from tests.plainapp.models import Ledger

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.clause("A6.1"),
]


# What a server's worker does with one row and with its own, once all have begun.
WORKER = """
import sys
import django
django.setup()
from django.db import OperationalError, connection
from django.db.models import F
from tests.plainapp.models import Ledger
connection.ensure_connection()
print("begun", flush=True)
number, shared = sys.stdin.readline().split()
for turn in range(12):
    Ledger.objects.create(text=f"{number}:{turn}")
    Ledger.objects.filter(pk=shared).update(number=F("number") + 1)
    found = Ledger.objects.get(pk=shared)
    found.text = f"{number}:{turn}"
    try:
        found.save(update_fields=["text"])
    except OperationalError:
        assert connection.vendor == "sqlite"
"""


def at_once(count: int, work) -> list[Exception]:
    """Run something in so many threads at the same instant; return what failed."""
    start, failed = threading.Barrier(count), []

    def run(number: int) -> None:
        start.wait()
        try:
            work(number)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


@pytest.mark.parametrize("many", [LANES, 1])
def test_writers_of_the_same_rows_lose_nothing(monkeypatch, many: int) -> None:
    """In lanes of their own, and all in one: saves, statements, rollbacks."""
    drawn = itertools.count()
    monkeypatch.setattr(lanes, "randbelow", lambda most: next(drawn) % many)
    shared = Ledger.objects.create(text="shared")

    def work(number: int) -> None:
        for turn in range(6):
            Ledger.objects.create(text=f"{number}:{turn}")
            Ledger.objects.filter(pk=shared.pk).update(number=F("number") + 1)
            found = Ledger.objects.get(pk=shared.pk)
            found.text = f"{number}:{turn}"
            try:
                with transaction.atomic():
                    found.save(update_fields=["text"])
                    if turn % 3 == 0:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass
            # Two that have read the same row on SQLite: one of them begins anew.
            except OperationalError:
                assert connection.vendor == "sqlite"

    assert at_once(4, work) == []
    (table,) = verify([Ledger]).tables
    assert (table.root, table.altered, table.rows) == ("", 0, 25)
    assert Ledger.objects.get(pk=shared.pk).number == 24


def test_the_first_writers_of_a_table_begin_its_root_together() -> None:
    """Lanes are made once, whoever comes first."""
    assert at_once(4, lambda number: Ledger.objects.create(number=number)) == []
    assert verify([Ledger]).exit_code is Exit.SOUND
    assert Ledger.objects.count() == 4


@pytest.mark.slow
def test_processes_that_save_the_same_row_leave_it_sound() -> None:
    """Nothing in the memory of one process keeps another from the row."""
    shared = Ledger.objects.create(text="shared")
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=databases.child_environment(),
        )
        for _ in range(2)
    ]
    for one in started:
        assert one.stdout is not None
        assert one.stdout.readline() == "begun\n"
    for number, one in enumerate(started):
        assert one.stdin is not None
        one.stdin.write(f"{number} {shared.pk}\n")
        one.stdin.flush()
    faults = [one.communicate(timeout=120)[1] for one in started]
    assert [one.returncode for one in started] == [0] * 2, faults
    (table,) = verify([Ledger]).tables
    assert (table.root, table.altered, table.rows) == ("", 0, 25)
    assert Ledger.objects.get(pk=shared.pk).number == 24
