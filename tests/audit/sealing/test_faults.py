"""Nothing that fails loses an event; it is told once, and sealing resumes by itself."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from django.db import connection, transaction

from jtsec.audit import immutability
from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import (
    CannotSeal,
    CheckpointAltered,
    checkpoints_after,
    lag,
    seal_now,
)
from jtsec.audit.sealing.models import AuditCheckpoint, AuditSealer
from jtsec.audit.sealing.protection import CHECKPOINTS
from jtsec.audit.table import FIELDS
from jtsec.keys.key import Purpose, State
from tests import keyring

from .conftest import signature_key
from .log import grant, require_whole, sealed_ids

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.8")]


def codes() -> list[str]:
    """Return the codes of what sealing recorded of itself."""
    rows = AuditRecord.objects.filter(code__startswith="audit:").order_by("id")
    return list(rows.values_list("code", flat=True))


def execute(statement: str, *parameters: Any) -> None:
    """Run a statement as the owner of the database."""
    with immutability.lifted(connection), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


class TestKeys:
    """A ring that lacks a key."""

    def test_without_the_signing_key_records_wait_and_an_alarm_says_so(self, use_ring):
        """One alarm for many failures, one word at the end, and all is sealed."""
        grant(2)
        use_ring(without=(Purpose.AUDIT_SIGNATURE,))
        for _again in range(3):
            with pytest.raises(CannotSeal):
                seal_now()
        assert codes() == ["audit:sealing:failed"]
        assert AuditRecord.objects.get(code="audit:sealing:failed").severity == 40
        assert lag().rows == 3
        use_ring()
        seal_now()
        assert codes() == ["audit:sealing:failed", "audit:sealing:resumed"]
        seal_now()
        require_whole()

    def test_a_new_key_is_announced_by_the_old_one(self, use_ring):
        """Whoever trusts the first key can follow."""
        grant(1)
        seal_now()
        use_ring(
            signature_key(1, State.RETIRED),
            signature_key(2),
            without=(Purpose.AUDIT_SIGNATURE,),
        )
        (announcing,) = seal_now()
        body = announcing.parsed()
        assert (body.count, body.key) == (0, "audit-signature-1")
        assert body.next_key is not None
        assert body.next_key.id == "audit-signature-2"
        grant(1)
        (following,) = seal_now()
        assert following.parsed().key == "audit-signature-2"
        assert following.parsed().next_key is None
        assert "audit:sealing:key-changed" in codes()
        require_whole()

    def test_without_the_old_key_no_new_one_is_believed(self, use_ring):
        """A key that nobody announced would be anybody's."""
        grant(1)
        seal_now()
        use_ring(signature_key(2), without=(Purpose.AUDIT_SIGNATURE,))
        grant(1)
        with pytest.raises(CannotSeal):
            seal_now()
        assert len(list(checkpoints_after(0))) == 1

    def test_a_record_whose_key_is_away_waits_and_keeps_nobody_else(self, use_ring):
        """It is told of once, and sealed late when the key is back."""
        second = keyring.known_key(Purpose.AUDIT_MAC, 2)
        first = keyring.known_key(Purpose.AUDIT_MAC, 1, State.RETIRED)
        use_ring(first, second, without=(Purpose.AUDIT_MAC,))
        (waiting,) = grant(1)
        use_ring()
        others = grant(2)
        for _again in range(3):
            seal_now()
        assert codes() == ["audit:record:unverifiable"]
        assert set(others) < set(sealed_ids())
        assert waiting not in sealed_ids()
        assert lag().rows == 1
        use_ring(first, second, without=(Purpose.AUDIT_MAC,))
        (made,) = seal_now()
        assert made.parsed().late == (waiting,)
        seal_now()
        require_whole()


class TestRecords:
    """Rows that are not what was written."""

    def test_an_altered_record_is_never_signed(self):
        """Named by an alarm, once; the others are sealed, and the gap closes."""
        ids = grant(3)
        empty = AuditRecord.objects.get(pk=ids[1])
        payload = bytes(empty.payload).replace(b"granted", b"gained!")
        execute(
            "UPDATE jtsec_auditrecord SET payload = %s WHERE id = %s", payload, ids[1]
        )
        for _again in range(3):
            seal_now()
        assert codes() == ["audit:record:altered"]
        alarm = AuditRecord.objects.get(code="audit:record:altered")
        assert alarm.resource == f"jtsec.auditrecord:{ids[1]}"
        assert alarm.severity == 40
        assert ids[1] not in sealed_ids()
        assert {ids[0], ids[2]} < set(sealed_ids())

    def test_a_copy_of_a_record_is_never_signed(self):
        """Its check value is right and its number is another record's."""
        (one,) = grant(1)
        columns = [str(field.column) for field in FIELDS]
        names = ", ".join(columns)
        fresh = "replace(" + "'019ac000-0000-7000-8000-000000000001', '-', '')"
        if connection.vendor == "postgresql":
            fresh = "'019ac000-0000-7000-8000-000000000001'::uuid"
        values = ", ".join(
            fresh if column == "event_id" else column for column in columns
        )
        execute(
            f"INSERT INTO jtsec_auditrecord ({names}) SELECT {values} "
            "FROM jtsec_auditrecord WHERE id = %s",
            one,
        )
        seal_now()
        assert codes() == ["audit:record:altered"]
        assert sealed_ids() == [one]

    def test_without_the_check_an_altered_record_would_be_signed(self, monkeypatch):
        """Remove the protection, and see it laundered."""
        (one,) = grant(1)
        execute("UPDATE jtsec_auditrecord SET mac = %s WHERE id = %s", bytes(32), one)
        monkeypatch.setattr(
            "jtsec.audit.sealing.intake.hmac.compare_digest", lambda *_both: True
        )
        seal_now()
        assert sealed_ids() == [one]

    def test_many_altered_records_at_the_end_keep_nobody_from_the_seal(self, settings):
        """They are passed over, however many there are."""
        settings.JTSEC_AUDIT_SEAL_BATCH = 2
        ids = grant(7)
        execute(
            "UPDATE jtsec_auditrecord SET mac = %s WHERE id <= %s", bytes(32), ids[-2]
        )
        seal_now()
        assert ids[-1] in sealed_ids()
        # They stand in a gap now, and keep nobody from it either.
        grant(1)
        seal_now()
        seal_now()
        assert lag().rows == 0
        assert codes() == ["audit:record:altered"]


class TestCheckpoints:
    """A checkpoint that is not what was written."""

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE jtsec_auditcheckpoint SET signature = body",
            "UPDATE jtsec_auditcheckpoint SET last_id = last_id + 1",
            "UPDATE jtsec_auditcheckpoint SET hash = root",
            "UPDATE jtsec_auditcheckpoint SET body = signature",
        ],
    )
    def test_nothing_is_built_on_an_altered_checkpoint(self, change):
        """It stops, with an alarm; put back, it goes on."""
        grant(1)
        (made,) = seal_now()
        execute(change)
        grant(1)
        for _again in range(2):
            with pytest.raises(CheckpointAltered):
                seal_now()
        assert codes() == ["audit:sealing:failed"]
        names = ("signature", "last_id", "hash", "body")
        for name in names:
            execute(
                f"UPDATE jtsec_auditcheckpoint SET {name} = %s", getattr(made, name)
            )
        seal_now()
        seal_now()
        require_whole()

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE jtsec_auditcheckpoint SET count = 0",
            "DELETE FROM jtsec_auditcheckpoint",
        ],
    )
    def test_the_database_refuses_to_change_one(self, statement):
        """As it refuses for the records."""
        from django.db import DatabaseError

        grant(1)
        seal_now()
        assert immutability.missing(connection, CHECKPOINTS) == []
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert AuditCheckpoint.objects.count() == 1


class TestTimeAndDatabase:
    """A clock that goes back, a database that takes nothing."""

    @pytest.mark.clause("A5.2")
    def test_a_clock_set_back_makes_no_checkpoint_older_than_the_one_before(
        self, moved_clock
    ):
        """It repeats the time of its predecessor, and an alarm says so, once."""
        grant(1)
        (first,) = seal_now()
        moved_clock.advance(hours=-2)
        grant(1)
        (second,) = seal_now()
        assert second.at == first.at
        seal_now()
        seal_now()
        assert codes() == ["audit:clock:set-back"]
        moved_clock.advance(hours=2)
        grant(1)
        (third, *_more) = seal_now()
        assert third.at > first.at
        assert codes() == ["audit:clock:set-back", "audit:clock:right-again"]
        require_whole(everything=False)

    def test_a_database_that_can_only_be_read_loses_nothing(self, caplog):
        """No checkpoint, no lost record; the log of the process has the alarm."""
        if connection.vendor == "mysql":
            pytest.skip("there it is a switch of the whole server")
        grant(1)
        seal_now()
        grant(1)
        switch, back = {
            "sqlite": ("PRAGMA query_only = 1", "PRAGMA query_only = 0"),
            "postgresql": (
                "SET default_transaction_read_only = on",
                "SET default_transaction_read_only = off",
            ),
        }[connection.vendor]
        with connection.cursor() as cursor:
            cursor.execute(switch)
        try:
            with pytest.raises(CannotSeal):
                seal_now()
        finally:
            with connection.cursor() as cursor:
                cursor.execute(back)
        assert "audit:sealing:failed" in caplog.text
        seal_now()
        require_whole()

    @pytest.mark.concurrency
    def test_a_database_that_is_busy_is_no_alarm(self, settings):
        """Somebody else writes for long: the next pass does it."""
        if connection.vendor != "sqlite":
            pytest.skip("only on SQLite does every writer wait for every other")
        grant(1)
        written, may_end = threading.Event(), threading.Event()

        def write() -> None:
            with transaction.atomic():
                grant(1)
                written.set()
                may_end.wait(60)
            connection.close()

        thread = threading.Thread(target=write)
        thread.start()
        assert written.wait(60)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 200")
        try:
            assert seal_now() == []
        finally:
            may_end.set()
            thread.join()
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout = 30000")
        seal_now()
        assert codes() == []
        require_whole()

    def test_sealing_inside_of_a_transaction_is_refused(self):
        """What is in it may still be rolled back."""
        grant(1)
        with transaction.atomic(), pytest.raises(CannotSeal):
            seal_now()

    def test_what_waits_too_long_is_alarmed_once(self, moved_clock, use_ring):
        """A key that is away for two minutes: the wait is an alarm of its own."""
        grant(1)
        use_ring(without=(Purpose.AUDIT_SIGNATURE,))
        moved_clock.advance(minutes=2)
        for _again in range(2):
            with pytest.raises(CannotSeal):
                seal_now()
        assert sorted(codes()) == ["audit:sealing:behind", "audit:sealing:failed"]
        use_ring()
        seal_now()
        assert codes().count("audit:sealing:resumed") == 2
        assert AuditSealer.objects.get().troubles == {}

    def test_a_long_transaction_is_no_lag(self, moved_clock):
        """Its record is a minute old when it first can be seen."""
        grant(1)
        seal_now()
        moved_clock.advance(minutes=-5)
        grant(1)
        moved_clock.advance(minutes=5)
        assert lag().rows == 1
        assert timedelta(seconds=lag().seconds) < timedelta(minutes=1)
