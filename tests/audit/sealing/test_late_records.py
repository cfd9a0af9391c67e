"""Writers commit out of order, and a transaction stays open: nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from django.db import connection

from jtsec.audit.api import record
from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing import running, standing
from jtsec.audit.sealing.api import checkpoint_of, lag, seal_now
from jtsec.audit.sealing.models import AuditSealer
from jtsec.audit.table import FIELDS
from tests.audit.declared import PermitGranted

from .log import grant, open_transaction, require_whole, sealed_ids

GO_ON, DRAWN = 471_101, 471_102
"""Advisory locks: what a slow insert waits for, and what says that it does."""

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.clause("A5.8"),
]


@pytest.fixture(autouse=True)
def several_writers() -> None:
    """Skip where there is only one writer, so that nothing commits out of order."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer")
    # The numbers before the first record belong to other tests, and are settled.
    grant(1)
    for _twice in range(2):
        seal_now()
    if connection.vendor != "postgresql":
        state = AuditSealer.objects.get()
        AuditSealer.objects.update(state={**state.state, "gaps": []})


def open_gaps() -> list[tuple[int, int]]:
    """Return the gaps that may still fill."""
    state = AuditSealer.objects.get().state
    return [(low, high) for low, high, *_rest in state["gaps"]]


def test_an_open_transaction_delays_nobody_else():
    """What others wrote since is sealed; its own record comes late, signed as such."""
    grant(2)
    with open_transaction() as end:
        others = grant(3)
        (first,) = seal_now()
        assert first.parsed().gaps == ((others[0] - 1, others[0] - 1),)
        assert lag().rows == 0
        assert open_gaps() == [(others[0] - 1, others[0] - 1)]
        grant(1)
        seal_now()
        end("commit")
    assert lag().rows == 1
    (made,) = seal_now()
    body = made.parsed()
    assert body.late == (others[0] - 1,)
    assert body.last == body.first - 1
    assert checkpoint_of(others[0] - 1) == made
    assert open_gaps() == []
    require_whole()


def test_a_record_that_was_rolled_back_leaves_a_gap_that_closes():
    """Nobody can fill it any more, so that whatever appears there was put there."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL tells at once that nobody can")
    grant(1)
    with open_transaction() as end:
        grant(1)
        seal_now()
        assert len(open_gaps()) == 1
        seal_now()
        assert len(open_gaps()) == 1
        end("rollback")
    seal_now()
    assert open_gaps() == []
    require_whole()


def test_late_records_and_new_ones_share_a_checkpoint():
    """Ascending by id, the late ones first."""
    with open_transaction(2) as end:
        grant(2)
        seal_now()
        end("commit")
    grant(2)
    (made,) = seal_now()
    assert len(made.parsed().late) == 2
    assert made.count == 4
    require_whole()


@contextmanager
def slow_inserts() -> Iterator[None]:
    """Hold inserts of "slow" between their number and the row; GO_ON lets them go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION wait_a_while() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN IF NEW.resource = 'slow' THEN "
            f"PERFORM pg_advisory_lock({DRAWN}); "
            f"PERFORM pg_advisory_lock_shared({GO_ON}); "
            "END IF; RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER wait_a_while BEFORE INSERT ON jtsec_auditrecord "
            "FOR EACH ROW EXECUTE FUNCTION wait_a_while()"
        )
        cursor.execute("SELECT pg_advisory_lock(%s)", [GO_ON])
    thread = threading.Thread(target=write_slowly)
    try:
        thread.start()
        wait_for_lock(DRAWN)
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
            thread.join(60)
            cursor.execute("DROP TRIGGER wait_a_while ON jtsec_auditrecord")
            cursor.execute("DROP FUNCTION wait_a_while()")


def write_slowly() -> None:
    """Record one event of the slow kind, on a connection of its own."""
    try:
        record(PermitGranted(resource="slow"))
    finally:
        connection.close()


def test_a_writer_between_its_number_and_its_transaction_id_is_waited_for():
    """
    PostgreSQL gives a number out before the transaction has an id of its own.

    A watermark of transaction ids would call this gap settled; the lock on the table
    does not.
    """
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has transaction ids")
    with slow_inserts():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT backend_xid FROM pg_stat_activity WHERE query LIKE %s "
                "AND wait_event = 'advisory'",
                ["INSERT%"],
            )
            assert cursor.fetchall() == [(None,)], "it has no transaction id yet"
        grant(1)
        for _again in range(3):
            seal_now()
        assert len(open_gaps()) == 1
    seal_now()
    require_whole()
    assert open_gaps() == []
    assert AuditRecord.objects.filter(resource="slow").exists()


def wait_for_lock(number: int) -> None:
    """Wait until somebody holds an advisory lock."""
    for _again in range(600):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s",
                [number],
            )
            if cursor.fetchone():
                return
        threading.Event().wait(0.05)
    raise AssertionError("nobody took the lock")


def test_without_the_look_at_the_locks_a_late_record_is_lost(monkeypatch):
    """Remove the protection: the gap is closed while its record is on the way."""
    monkeypatch.setattr(running, "writers", lambda using: ())
    monkeypatch.setattr(standing, "writers", lambda using: ())
    monkeypatch.setattr("jtsec.audit.sealing.sealer.writers", lambda using: ())
    with open_transaction() as end:
        grant(1)
        seal_now()
        seal_now()
        assert open_gaps() == []
        end("commit")
    seal_now()
    assert AuditRecord.objects.count() == 3
    assert len(sealed_ids()) == 2


def test_a_lost_state_is_made_anew_from_the_checkpoints():
    """The row of the sealer proves nothing, and losing it loses nothing."""
    with open_transaction() as end:
        grant(1)
        seal_now()
        AuditSealer.objects.all().delete()
        end("commit")
    seal_now()
    require_whole()


def test_a_record_put_into_a_closed_gap_is_not_sealed():
    """Whoever adds a record to the past does not get our signature for it."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL closes the gap at once")
    with open_transaction() as end:
        (other,) = grant(1)
        seal_now()
        end("rollback")
    seal_now()
    row = AuditRecord.objects.get(pk=other)
    names = ", ".join(f'"{field.column}"' for field in FIELDS)
    with connection.cursor() as cursor:
        values = ", ".join(
            "gen_random_uuid()" if field.column == "event_id" else f'"{field.column}"'
            for field in FIELDS
        )
        cursor.execute(
            f"INSERT INTO jtsec_auditrecord (id, {names}) "
            f"SELECT {row.pk - 1}, {values} FROM jtsec_auditrecord WHERE id = {row.pk}"
        )
    assert seal_now() == []
    assert sealed_ids()[-1] == other
    assert row.pk - 1 not in sealed_ids()
