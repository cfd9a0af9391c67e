"""The log verifies before rows leave it, while they are away, and after they return."""

from __future__ import annotations

from datetime import timedelta

import pytest

from django.db import connection
from django.utils import timezone

from jtsec.audit import immutability
from jtsec.audit.archive.api import archive, drop, restore
from jtsec.audit.archive.models import AuditSegment, AuditSegmentMove, Move
from jtsec.audit.archive.proving import read_records
from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import columns_of, parse
from jtsec.audit.sealing.api import seal_now
from jtsec.audit.verifying.api import Exit, Kind, first_public_key, verify
from tests.audit.archive.made import REASON, days_ago, flip, past, present, table
from tests.audit.sealing.log import grant, open_transaction

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("A5.8", "A5.9"),
    pytest.mark.usefixtures("auditor"),
]


def kinds(**options):
    """Return what a verification finds."""
    return set(verify(**options).counts)


def dropped(count=5):
    """Archive and drop old events in two segments; return the segments."""
    past(500, count=count, seals=3)
    past(450, count=count)
    present()
    archive(until=timezone.now() - timedelta(days=400))
    made = drop(reason=REASON)
    assert len(made) == 2
    return made


def test_complete_and_unbroken_before_the_drop_after_it_and_after_the_return():
    """Must hold deep, by seals alone, with a public key alone, and in two processes."""
    pem = None
    past(500, seals=3)
    past(450)
    present()
    assert kinds() == set()
    archive(until=timezone.now() - timedelta(days=400))
    assert kinds() == set()
    segments = drop(reason=REASON)
    report = verify()
    assert (set(report.counts), report.exit_code) == (set(), Exit.WHOLE)
    assert report.rows >= 21
    pem = first_public_key()
    assert kinds(deep=False) == set()
    assert kinds(public_key=pem) == set()
    assert kinds(processes=2) == set()
    for one in segments:
        restore(one.name, reason=REASON)
    assert kinds() == set()
    assert kinds(public_key=pem) == set()


def test_a_file_that_was_altered_is_named(place):
    """By its digest already, without opening it."""
    one, two = dropped()
    flip(place / two.name, 400)
    for options in ({}, {"deep": False}, {"public_key": first_public_key()}):
        report = verify(**options)
        assert set(report.counts) == {Kind.ARCHIVE_ALTERED}
        assert report.exit_code is Exit.FALSE
        (finding,) = report.findings
        assert two.name in finding.sentence
        assert finding.checkpoint == two.first_checkpoint
    assert one.name not in finding.sentence


def test_a_file_that_is_away_is_not_called_altered(place, settings):
    """A fault of the system, with its own exit code."""
    one, _two = dropped()
    (place / one.name).rename(place / "elsewhere")
    report = verify()
    assert set(report.counts) == {Kind.ARCHIVE_UNREADABLE}
    assert report.exit_code is Exit.UNKNOWN
    settings.JTSEC_AUDIT_ARCHIVE_DIRECTORY = ""
    assert verify().exit_code is Exit.UNKNOWN


def test_rows_removed_without_a_segment_are_missing():
    """Nothing excuses them: not their age, not a move that somebody made up."""
    past(500)
    past(450)
    present()
    (one,) = archive(until=timezone.now() - timedelta(days=480))
    with immutability.lifted(connection), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM jtsec_auditrecord WHERE resource LIKE %s", ["old:450%"]
        )
    report = verify()
    assert set(report.counts) == {Kind.MISSING}
    AuditSegmentMove(
        segment=one, what=Move.DROPPED, at=timezone.now(), rows=5, actor="x"
    ).save()
    assert Kind.MISSING in kinds()


def test_a_move_that_somebody_made_up_excuses_no_young_row(place):
    """The owner of the database drops what is archived and not a year old."""
    past(500)
    past(364)
    present()
    archive(until=timezone.now() - timedelta(days=300))
    drop(reason=REASON)
    assert kinds() == set()
    young = AuditSegment.objects.get(first_checkpoint=2)
    with immutability.lifted(connection), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM jtsec_auditrecord WHERE resource LIKE %s", ["old:364%"]
        )
    AuditSegmentMove(
        segment=young, what=Move.DROPPED, at=timezone.now(), rows=5, actor="x"
    ).save()
    for options in ({}, {"deep": False}, {"public_key": first_public_key()}):
        report = verify(**options)
        assert set(report.counts) == {Kind.ARCHIVE_ALTERED}
        assert report.findings[0].checkpoint == 2
    # That the file is gone too is no way to have nothing be said.
    (place / young.name).unlink()
    assert verify().exit_code is Exit.FALSE


def test_a_segment_somebody_made_up_excuses_nothing(place):
    """Its statement must be signed, and say what its columns say."""
    past(500)
    past(450)
    present()
    (one,) = archive(until=timezone.now() - timedelta(days=480))
    drop(reason=REASON)
    with immutability.lifted(connection), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM jtsec_auditrecord WHERE resource LIKE %s", ["old:450%"]
        )
        cursor.execute("UPDATE jtsec_auditsegment SET last_checkpoint = 2")
    report = verify()
    assert Kind.ARCHIVE_ALTERED in set(report.counts)
    assert report.exit_code is Exit.FALSE
    assert one.last_checkpoint == 1


def test_a_row_in_the_table_that_was_archived_is_added(place):
    """Put back past the command: the same event must not count twice."""
    one, _two = dropped()
    record = next(iter(read_records(place / one.name, one.name)))
    columns = columns_of(parse(record.payload))
    AuditRecord.objects.bulk_create(
        [
            AuditRecord(
                id=record.id,
                payload=record.payload,
                mac=record.mac,
                mac_key_id=record.mac_key_id,
                **columns,
            )
        ]
    )
    report = verify()
    assert set(report.counts) == {Kind.ADDED}
    assert report.findings[0].record_id == record.id


@pytest.mark.concurrency
def test_late_rows_travel_with_their_checkpoint():
    """A row that was sealed late is archived, dropped and restored as well."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer")
    with days_ago(500):
        grant(1)
        for _twice in range(2):
            seal_now()
        with open_transaction() as end:
            grant(2)
            seal_now()
            end("commit")
        (made,) = seal_now()
    assert made.parsed().late
    present()
    before = table()
    (segment,) = archive(until=timezone.now() - timedelta(days=400))
    assert segment.rows == 4
    drop(reason=REASON)
    assert kinds() == set()
    restore(segment.name, reason=REASON)
    assert table()[: len(before)] == before
    assert kinds() == set()
