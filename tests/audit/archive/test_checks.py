"""The archive's folder and tables are looked at before anybody relies on them."""

from __future__ import annotations

import pytest

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from jtsec.audit import immutability
from jtsec.audit.archive.api import archive
from jtsec.audit.archive.checks import REINSTALL, check_append_only, check_folder
from jtsec.audit.archive.evidence import facts
from jtsec.audit.archive.models import (
    AuditSegment,
    AuditSegmentMove,
    AuditSegmentRange,
)
from jtsec.audit.archive.protection import TABLES
from jtsec.audit.exceptions import AppendOnly
from tests.audit.archive.made import past, present
from tests.audit.archive.test_round_trip import everything

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.8")]


@pytest.mark.parametrize("table", [one.table for one in TABLES])
def test_what_is_recorded_of_segments_cannot_be_changed(table):
    """A range that could be stretched would let other rows go."""
    past(500)
    present()
    (segment,) = archive(until=everything())[:1]
    AuditSegmentMove(
        segment=segment, what="restored", at=segment.made_at, rows=0, actor="x"
    ).save()
    for statement in (f"UPDATE {table} SET id = id + 100", f"DELETE FROM {table}"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert check_append_only(None, databases=["default"]) == []


def test_the_orm_refuses_it_earlier():
    """In words, for who writes a program."""
    past(500)
    archive(until=everything())
    for model in (AuditSegment, AuditSegmentRange):
        row = model.objects.first()
        assert row is not None
        for attempt in (row.save, row.delete, model.objects.all().delete):
            with pytest.raises(AppendOnly):
                attempt()


def test_missing_triggers_are_found_and_the_hint_puts_them_back():
    """Pasted as it stands."""
    immutability.remove(connection, TABLES[1])
    (message,) = check_append_only(None, databases=["default"])
    assert message.id == "jtsec.E326"
    call_command("shell", command=REINSTALL.partition('"')[2].rstrip('"'))
    assert check_append_only(None, databases=["default"]) == []
    assert check_append_only(None, databases=None) == []


@pytest.mark.clause("A5.9")
def test_a_folder_that_is_away_or_served_is_said(settings, place):
    """None named is no error: nothing leaves then."""
    assert check_folder(None) == []
    settings.JTSEC_AUDIT_ARCHIVE_DIRECTORY = ""
    assert check_folder(None) == []
    assert list(facts()) == []
    settings.JTSEC_AUDIT_ARCHIVE_DIRECTORY = str(place / "away")
    assert [one.id for one in check_folder(None)] == ["jtsec.E327"]
    settings.MEDIA_ROOT = str(place.parent)
    settings.JTSEC_AUDIT_ARCHIVE_DIRECTORY = str(place)
    assert [one.id for one in check_folder(None)] == ["jtsec.E327"]


@pytest.mark.clause("A5.9")
def test_the_evidence_proves_the_newest_segment(place):
    """True, false, or cannot be said; never the one for the other."""
    assert [fact.holds for fact in facts()] == [True, None]
    past(500)
    (segment,) = archive(until=everything())
    assert [fact.holds for fact in facts()] == [True, True]
    path = place / segment.name
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    assert [fact.holds for fact in facts()] == [True, False]
    path.unlink()
    assert [fact.holds for fact in facts()] == [True, None]


def test_a_temporary_table_of_the_same_name_opens_nothing():
    """Anybody may make one; the trigger must not read it."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL looks there first")
    past(500)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE jtsec_auditsegmentrange "
            "(first_id bigint, last_id bigint)"
        )
        cursor.execute("INSERT INTO jtsec_auditsegmentrange VALUES (0, 9999999)")
        try:
            with pytest.raises(DatabaseError, match="append-only"):
                cursor.execute("DELETE FROM jtsec_auditrecord")
        finally:
            cursor.execute("DROP TABLE pg_temp.jtsec_auditsegmentrange")


def test_a_session_that_sets_its_own_time_opens_nothing():
    """MySQL lets a session say what time it is; the trigger asks the server."""
    if connection.vendor != "mysql":
        pytest.skip("only MySQL has such a switch")
    past(300)
    archive(until=everything())
    with connection.cursor() as cursor:
        cursor.execute("SET timestamp = UNIX_TIMESTAMP() + 86400 * 400")
        try:
            with pytest.raises(DatabaseError, match="append-only"):
                cursor.execute("DELETE FROM jtsec_auditrecord")
        finally:
            cursor.execute("SET timestamp = DEFAULT")
