"""Full disks, kills and failing databases cost no event and leave nothing half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from django.db import DatabaseError, connection
from django.utils import timezone

from jtsec.audit.api import AuditUnavailable
from jtsec.audit.archive.api import (
    ArchiveFailed,
    NoArchiveFolder,
    SegmentAltered,
    SegmentUnreadable,
    archive,
    drop,
    restore,
    segments,
)
from jtsec.audit.archive.models import AuditSegment, AuditSegmentMove
from jtsec.audit.archive.segments import is_dropped
from jtsec.audit.archive.writing import write_segment
from jtsec.audit.models import AuditRecord
from jtsec.core.context import acting_as
from jtsec.core.exceptions import ConfigurationError, Refused
from tests import databases
from tests.audit.archive.made import AUDITOR, REASON, past, present

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("A5.9"),
    pytest.mark.usefixtures("auditor"),
]


def everything():
    """Return a moment before which all that is sealed lies."""
    return timezone.now() + timedelta(days=1)


def old():
    """Return how many of the old events are in the table."""
    return AuditRecord.objects.filter(resource__startswith="old:500").count()


def test_a_full_disk_leaves_no_segment(place, monkeypatch):
    """Neither a file under its name nor a row; the next run does it."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("the machine has no device that is full")
    past(500)
    opened = Path.open

    def open_full(self, mode="r", *args, **kwargs):
        if mode == "xb":
            return opened(full, "wb", *args, **kwargs)
        return opened(self, mode, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", open_full)
        with pytest.raises(ArchiveFailed, match="space"):
            archive(until=everything())
    assert list(place.iterdir()) == []
    assert not AuditSegment.objects.exists()
    assert len(archive(until=everything())) == 1


def test_no_folder_is_said_before_anything_is_done(settings, place):
    """None named, or not there."""
    past(500)
    for named in ("", str(place / "away")):
        settings.JTSEC_AUDIT_ARCHIVE_DIRECTORY = named
        with pytest.raises(NoArchiveFolder):
            archive(until=everything())


def test_what_the_disk_wrote_wrongly_does_not_count(place, monkeypatch):
    """It is read back before it is recorded."""
    past(500)
    fsync = os.fsync

    def spoil(handle: int) -> None:
        fsync(handle)
        os.pwrite(handle, b"\x00\x01\x02", 600)

    monkeypatch.setattr("jtsec.audit.archive.writing.os.fsync", spoil)
    with pytest.raises(SegmentAltered):
        archive(until=everything())
    assert list(place.iterdir()) == []
    assert not AuditSegment.objects.exists()


def test_a_missing_key_drops_nothing(place, monkeypatch):
    """Cannot be said is not altered, and neither lets a row go."""
    from jtsec.keys import api as keys

    past(500)
    present()
    archive(until=timezone.now() - timedelta(days=400))

    def missing(key_id: str):
        raise keys.UnknownKey(f"the ring has no key {key_id}")

    with monkeypatch.context() as patch:
        patch.setattr(keys, "gcm", missing)
        with pytest.raises(SegmentUnreadable, match="no key"):
            drop(reason=REASON)
    with monkeypatch.context() as patch:
        patch.setattr(keys, "signing_key_of", missing)
        with pytest.raises(ConfigurationError):
            drop(reason=REASON)
    assert old() == 5


def test_a_database_that_fails_half_way_keeps_every_row(monkeypatch):
    """Rows, move and event go together or not at all; restoring likewise."""
    past(500, count=20)
    present()
    (segment,) = archive(until=timezone.now() - timedelta(days=400))

    def broken(self, *args, **kwargs):
        raise DatabaseError("disk full in the database")

    with monkeypatch.context() as patch:
        patch.setattr(AuditSegmentMove, "save", broken)
        with pytest.raises(DatabaseError):
            drop(reason=REASON)
    assert old() == 20
    assert not is_dropped(segment)
    drop(reason=REASON)
    with monkeypatch.context() as patch:
        patch.setattr(AuditSegmentMove, "save", broken)
        with pytest.raises(DatabaseError):
            restore(segment.name, reason=REASON)
    assert old() == 0
    assert restore(segment.name, reason=REASON) == 20


def test_a_database_that_takes_nothing_loses_nothing(place):
    """Read-only: no segment is left unrecorded, no row goes, and later all is done."""
    on, off = {
        "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
        "postgresql": (
            "SET default_transaction_read_only = on",
            "SET default_transaction_read_only = off",
        ),
        "mysql": (
            "SET SESSION TRANSACTION READ ONLY",
            "SET SESSION TRANSACTION READ WRITE",
        ),
    }[connection.vendor]
    past(500)
    present()
    until = timezone.now() - timedelta(days=400)

    def attempt(move) -> None:
        with connection.cursor() as cursor:
            cursor.execute(on)
        try:
            with pytest.raises((DatabaseError, AuditUnavailable)):
                move()
        finally:
            with connection.cursor() as cursor:
                cursor.execute(off)

    attempt(lambda: archive(until=until))
    assert list(place.iterdir()) == []
    archive(until=until)
    attempt(lambda: drop(reason=REASON))
    assert old() == 5
    (segment,) = drop(reason=REASON)
    attempt(lambda: restore(segment.name, reason=REASON))
    assert old() == 0
    assert restore(segment.name, reason=REASON) == 5


def test_two_that_archive_at_once_record_one_segment(place, monkeypatch):
    """The second finds the checkpoints taken, and leaves no file behind."""
    past(500)
    place_of_it = "jtsec.audit.archive.archiving.write_segment"

    def overtaken(directory, stretch):
        found = write_segment(directory, stretch)
        monkeypatch.setattr(place_of_it, write_segment)
        archive(until=everything())
        return found

    monkeypatch.setattr(place_of_it, overtaken)
    with pytest.raises(ArchiveFailed, match="somebody else"):
        archive(until=everything())
    (segment,) = segments()
    assert [path.name for path in place.iterdir()] == [segment.name]


@pytest.mark.concurrency
def test_two_that_drop_at_once_drop_once(place):
    """The second waits, finds the rows gone, and accuses nobody of tampering."""
    past(500, count=30)
    present()
    archive(until=timezone.now() - timedelta(days=400))
    answers: list[object] = []
    begin = threading.Barrier(2)

    def work() -> None:
        try:
            with acting_as(AUDITOR):
                begin.wait()
                answers.append(len(drop(reason=REASON)))
        except (Refused, DatabaseError) as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 in answers
    assert len(answers) == 2
    assert old() == 0
    assert AuditSegmentMove.objects.count() == 1


PROGRAM = """
import os, sys
import django
import tests.settings
tests.settings.JTSEC_AUDIT_ARCHIVE_DIRECTORY = os.environ["T_PLACE"]
tests.settings.JTSEC_AUDIT_ARCHIVE_SEGMENT_ROWS = 40
tests.settings.JTSEC_AUDIT_RETENTION_DAYS = 365
django.setup()
from datetime import timedelta
from django.utils import timezone
from jtsec.audit.archive.api import archive, drop, restore, segments
from jtsec.core.context import acting_as, system_actor
print("ready", flush=True)
with acting_as(system_actor("tests")):
    while True:
        archive(until=timezone.now() - timedelta(days=400))
        drop(reason="over a year")
        for one in segments():
            restore(one.name, reason="inspection")
"""


@pytest.mark.concurrency
@pytest.mark.slow
def test_killed_at_any_moment_every_row_is_in_the_table_or_in_a_proved_file(place):
    """Archive, drop and restore in a circle, killed often and anywhere."""
    past(500, count=40, seals=4)
    present()
    expected = {
        (row.pk, bytes(row.payload), bytes(row.mac))
        for row in AuditRecord.objects.filter(resource__startswith="old:500")
    }
    environment = databases.child_environment(T_PLACE=str(place))
    chance = random.Random(20260101)
    kills = 0
    # A busy machine needs more of them until something was moved often enough.
    while kills < 8 or (kills < 40 and AuditSegmentMove.objects.count() < 5):
        kills += 1
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.6 + kills / 20))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert held(place) == expected
    assert AuditSegmentMove.objects.count() > 4


def held(place: Path) -> set[tuple[int, bytes, bytes]]:
    """Return what table and files hold together, each file proved."""
    from jtsec.audit.archive.proving import read_records
    from jtsec.audit.archive.segments import proved

    found = {
        (row.pk, bytes(row.payload), bytes(row.mac))
        for row in AuditRecord.objects.filter(resource__startswith="old:500")
    }
    for segment in segments():
        proved(segment, place)
        in_file = {
            (one.id, one.payload, one.mac)
            for one in read_records(place / segment.name, segment.name)
        }
        assert len(in_file) == segment.rows
        if is_dropped(segment):
            assert not found & in_file
            found |= in_file
        else:
            assert in_file <= found
    return found
