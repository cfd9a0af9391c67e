"""Archive, drop, restore: afterwards the log is what it was, to the byte."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from jtsec.audit.archive.api import (
    SegmentAltered,
    SegmentUnreadable,
    TooYoung,
    archive,
    drop,
    restore,
    segments,
    show,
)
from jtsec.audit.archive.segments import is_dropped
from jtsec.audit.models import AuditRecord
from jtsec.audit.verification import verify_record
from jtsec.core.context import ANONYMOUS, acting_as
from jtsec.core.exceptions import InputError, Refused
from tests.audit.archive.made import (
    AUDITOR,
    REASON,
    days_ago,
    flip,
    past,
    present,
    table,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("A5.9"),
    pytest.mark.usefixtures("auditor"),
]


def everything():
    """Return the moment up to which all that is sealed is archived."""
    return timezone.now() + timedelta(days=1)


def test_what_was_dropped_comes_back_to_the_byte(place):
    """Every column of every row, compared with what it was before."""
    past(500, seals=3)
    past(450)
    present()
    before = table()
    made = archive(until=timezone.now() - timedelta(days=400))
    assert [one.rows for one in made] == [15, 5]
    assert len(list(place.iterdir())) == 2
    gone = drop(reason=REASON)
    assert [one.name for one in gone] == [one.name for one in made]
    left = {row[0] for row in table()}
    assert not left & {row[0] for row in before[:20]}
    for one in made:
        restore(one.name, reason=REASON)
    after = table()
    assert after[: len(before)] == before
    for row in AuditRecord.objects.all():
        verify_record(row)


def test_a_day_short_of_the_retention_is_refused_by_the_command(place):
    """364 days are not a year."""
    past(364)
    present()
    (segment,) = archive(until=everything())[:1]
    assert drop(reason=REASON) == []
    with pytest.raises(TooYoung):
        drop(reason=REASON, name=segment.name)
    with pytest.raises(TooYoung):
        drop(reason=REASON, until=timezone.now() - timedelta(days=363))
    assert AuditRecord.objects.filter(resource__startswith="old:364").count() == 5
    assert AuditRecord.objects.filter(code="audit:archive:drop-refused").count() == 2


@pytest.mark.clause("A5.8")
def test_a_day_short_of_a_year_is_refused_by_the_database():
    """Archived, recorded, and still no statement takes it away."""
    past(366)
    past(364)
    present()
    archive(until=everything())
    young = AuditRecord.objects.filter(resource__startswith="old:364")
    old = AuditRecord.objects.filter(resource__startswith="old:366")
    for row in young:
        with pytest.raises(DatabaseError), transaction.atomic():
            delete(row.pk)
    for row in old:
        delete(row.pk)
    assert (young.all().count(), old.all().count()) == (5, 0)


@pytest.mark.clause("A5.8")
def test_an_old_row_that_is_not_archived_is_refused_by_the_database():
    """Age alone opens nothing; nor does a segment of other rows."""
    past(500)
    archive(until=everything())
    past(450)
    for row in AuditRecord.objects.filter(resource__startswith="old:450"):
        with pytest.raises(DatabaseError), transaction.atomic():
            delete(row.pk)


def delete(pk):
    """Delete one row as somebody with the application's rights would."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM jtsec_auditrecord WHERE id = %s", [pk])


def test_a_clock_that_was_set_forward_makes_no_event_older():
    """The newest checkpoint bears witness, and the database has its own clock."""
    past(100)
    present()
    archive(until=everything())
    with days_ago(-400):
        assert drop(reason=REASON) == []
    # A seal under the false clock deceives the command, not the database.
    with days_ago(-400):
        present()
        with pytest.raises((TooYoung, DatabaseError)):
            drop(reason=REASON)
    assert AuditRecord.objects.filter(resource__startswith="old:100").count() == 5


def test_a_segment_ends_with_the_month_and_with_its_rows(settings):
    """So that a file can be found, and stays of a size that can be handled."""
    settings.JTSEC_AUDIT_ARCHIVE_SEGMENT_ROWS = 10
    past(500, seals=3)
    past(440)
    made = archive(until=everything())
    assert [one.rows for one in made[:3]] == [10, 5, 5]
    assert [one.first_checkpoint for one in made[:3]] == [1, 3, 4]


def test_nothing_is_archived_twice():
    """A second run finds only what is new."""
    past(500)
    first = archive(until=everything())
    again = archive(until=timezone.now() - timedelta(days=1))
    assert (len(first), again) == (1, [])


@pytest.mark.parametrize("where", ["head", "middle", "statement", "signature"])
def test_an_altered_file_drops_nothing_and_restores_nothing(place, where):
    """One flipped bit anywhere; the rows stay, and the refusal is recorded."""
    past(500, count=50)
    present()
    (segment,) = archive(until=timezone.now() - timedelta(days=400))
    path = place / segment.name
    size = path.stat().st_size
    flip(path, {"head": 30, "middle": size // 3, "statement": segment.size + 40,
                "signature": size - 1}[where])  # fmt: skip
    with pytest.raises((SegmentAltered, SegmentUnreadable)):
        drop(reason=REASON)
    assert AuditRecord.objects.filter(resource__startswith="old:500").count() == 50
    assert AuditRecord.objects.filter(code="audit:archive:drop-refused").exists()
    assert not is_dropped(segments().get())


def test_a_file_that_is_cut_or_gone_drops_nothing(place):
    """Truncated at any length, or not there at all."""
    past(500, count=50)
    present()
    (segment,) = archive(until=timezone.now() - timedelta(days=400))
    path = place / segment.name
    content = path.read_bytes()
    path.chmod(0o600)
    for size in (0, 8, 200, segment.size - 4, segment.size, len(content) - 1):
        path.write_bytes(content[:size])
        with pytest.raises(SegmentAltered):
            drop(reason=REASON)
    path.write_bytes(content + b"\x00")
    with pytest.raises(SegmentAltered):
        drop(reason=REASON)
    path.unlink()
    with pytest.raises(SegmentUnreadable):
        drop(reason=REASON)
    path.write_bytes(content)
    assert len(drop(reason=REASON)) == 1


def test_a_row_altered_in_the_table_is_not_dropped():
    """The file would hide that somebody tampered; the row stays as evidence."""
    from jtsec.audit import immutability

    past(500)
    present()
    archive(until=timezone.now() - timedelta(days=400))
    with immutability.lifted(connection), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jtsec_auditrecord SET mac_key_id = 'x' WHERE id = "
            "(SELECT * FROM (SELECT min(id) FROM jtsec_auditrecord) AS one)"
        )
    with pytest.raises(SegmentAltered, match="in the table"):
        drop(reason=REASON)
    assert AuditRecord.objects.filter(resource__startswith="old:500").count() == 5


def test_rows_that_are_there_are_not_restored():
    """Twice the same event would be one too many."""
    past(500)
    present()
    (segment,) = archive(until=timezone.now() - timedelta(days=400))
    with pytest.raises(Refused) as error:
        restore(segment.name, reason=REASON)
    assert error.value.reason == "not-dropped"
    drop(reason=REASON)
    assert restore(segment.name, reason=REASON) == 5
    with pytest.raises(Refused):
        restore(segment.name, reason=REASON)
    assert drop(reason=REASON) == [segment]


def test_nobody_and_no_reason_move_nothing():
    """Every move has a name and a reason."""
    past(500)
    (segment,) = archive(until=everything())
    reasons = []
    for actor, reason in ((AUDITOR, "  "), (ANONYMOUS, REASON)):
        for move in (drop, partial(restore, segment.name)):
            with acting_as(actor), pytest.raises(Refused) as error:
                move(reason=reason)
            reasons.append(error.value.reason)
    assert reasons == ["no-reason", "no-reason", "unknown-actor", "unknown-actor"]


@pytest.mark.clause("A5.10")
def test_a_segment_is_queried_without_restoring_it():
    """By column and time; encrypted details stay encrypted; the look is recorded."""
    past(500, count=12)
    present()
    (segment,) = archive(until=timezone.now() - timedelta(days=400))
    drop(reason=REASON)
    found = list(show(segment.name, {"resource": "old:500:0:1*"}))
    assert [one["resource"] for one in found] == [
        "old:500:0:1", "old:500:0:10", "old:500:0:11",
    ]  # fmt: skip
    assert all("sealed" in one and "张三" not in str(one["data"]) for one in found)
    assert list(show(segment.name, {}, since=timezone.now())) == []
    assert AuditRecord.objects.filter(code="audit:archive:read").count() == 2
    with pytest.raises(InputError) as error:
        show(segment.name, {"payload": "x"})
    assert error.value.field == "payload"
    with pytest.raises(InputError):
        show("no such segment", {})
