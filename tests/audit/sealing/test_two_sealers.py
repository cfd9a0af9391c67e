"""Several sealers at once never fork, double or lose; real processes, real writers."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from django.db import IntegrityError, connection, transaction

from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing import sealer
from jtsec.audit.sealing.api import checkpoints_after, seal_now
from jtsec.audit.sealing.models import AuditCheckpoint
from tests import databases

from .log import grant, require_whole

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.clause("A5.8"),
]

SEALER = """
import sys, time
import django
django.setup()
from jtsec.audit.sealing.api import seal_now
end = time.monotonic() + float(sys.argv[1])
made = 0
while time.monotonic() < end:
    made += len(seal_now())
print(made)
"""


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a program on the database of this test."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=databases.child_environment(),
    )


@pytest.fixture
def stop_writers() -> Iterator[Callable[[], None]]:
    """Have four threads write, some in what is rolled back; returns what ends them."""
    stopped = threading.Event()
    failures: list[BaseException] = []

    def write(number: int) -> None:
        turn = 0
        try:
            while not stopped.is_set():
                turn += 1
                with transaction.atomic():
                    grant(1 + turn % 3)
                    stopped.wait(0.002 * (number + 1))
                    if turn % 5 == 0:
                        transaction.set_rollback(True)
                stopped.wait(0.005)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(one,)) for one in range(4)]

    def stop() -> None:
        stopped.set()
        for thread in threads:
            thread.join()

    for thread in threads:
        thread.start()
    try:
        yield stop
    finally:
        stop()
        assert failures == []


@pytest.mark.slow
def test_three_sealers_and_four_writers_make_one_chain(stop_writers):
    """Each record in exactly one checkpoint, numbers without a hole, one line."""
    processes = [start(SEALER, "3") for _one in range(3)]
    said = [process.communicate(timeout=60) for process in processes]
    stop_writers()
    assert [process.returncode for process in processes] == [0, 0, 0], said
    seal_now()
    require_whole()
    made = sum(int(out) for out, _err in said)
    assert made >= 2
    assert AuditRecord.objects.count() > 100
    assert not AuditRecord.objects.filter(severity=40).exists()


def test_a_fork_cannot_even_be_written():
    """The number is the primary key: a second checkpoint of a number is refused."""
    grant(1)
    (made,) = seal_now()
    twin = AuditCheckpoint(
        **{
            field.attname: getattr(made, field.attname)
            for field in AuditCheckpoint._meta.concrete_fields
        }
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_a_sealer_that_was_overtaken_writes_nothing(monkeypatch):
    """It finds the row of the sealer changed, and leaves everything as it is."""
    grant(2)
    plain = sealer._write

    def overtaken(row, *arguments):
        type(row).objects.filter(pk=row.pk).update(passes=row.passes + 1)
        return plain(row, *arguments)

    monkeypatch.setattr(sealer, "_write", overtaken)
    assert seal_now() == []
    assert list(checkpoints_after(0)) == []
    monkeypatch.setattr(sealer, "_write", plain)
    assert len(seal_now()) == 1
    require_whole()
