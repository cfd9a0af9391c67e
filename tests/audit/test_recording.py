"""No success is recorded that was rolled back, and no refusal is lost with one."""

from __future__ import annotations

import asyncio
import threading
from contextvars import copy_context

import pytest

from django.db import DatabaseError, connection, transaction

from jtsec.audit import scope, writer
from jtsec.audit.api import (
    AuditUnavailable,
    after_rollback,
    arecord,
    boundary,
    record,
    record_all,
)
from jtsec.audit.details import open_details
from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import parse
from jtsec.core.context import Actor, acting_as, system_actor
from jtsec.core.source import Source
from jtsec.keys.key import Purpose
from tests import keyring
from tests.audit.declared import (
    AnythingNoted,
    PermitFailed,
    PermitGranted,
    PermitRefused,
)
from tests.audit.site import run

REAL = pytest.mark.django_db(transaction=True)


class Undo(Exception):
    """Ends a transaction without it."""


def codes() -> list[str]:
    """Return the codes in the table, in order."""
    return list(AuditRecord.objects.order_by("id").values_list("code", flat=True))


@pytest.mark.clause("A5.2")
@pytest.mark.django_db
def test_a_record_holds_every_element():
    """Who, police or not, organisation, when, from where, what, result, resource."""
    actor = Actor(
        kind="person",
        uid="0198c1f0-0000-7000-8000-000000000001",
        username="zhang",
        name="张三",
        is_police=True,
        organisation="320200000000",
        duty="business",
    )
    source = Source("10.1.2.3", "T-1", "aa:bb:cc:dd:ee:ff")
    record(PermitRefused(resource="p:7", reason="no"), actor=actor, source=source)
    row = AuditRecord.objects.get()
    assert (row.actor_uid, row.actor_name, row.actor_is_police) == (
        actor.uid,
        "张三",
        True,
    )
    assert (row.actor_organisation, row.actor_duty) == ("320200000000", "business")
    assert (row.source_address, row.source_terminal) == ("10.1.2.3", "T-1")
    assert (row.code, row.outcome, row.severity) == (
        "tests:permit:refused",
        "refused",
        30,
    )
    assert (row.resource, row.reason) == ("p:7", "no")
    assert row.at is not None
    assert row.event_id.version == 7


@pytest.mark.clause("A5.8")
@pytest.mark.django_db
def test_a_sensitive_field_is_not_in_the_row_in_clear():
    """Who reads the database reads no identity number."""
    record(PermitGranted(resource="p:7", owner="320202199001011234", after={"a": 1}))
    row = AuditRecord.objects.get()
    stored = bytes(row.payload)
    assert b"320202199001011234" not in stored
    assert open_details(parse(stored)) == {
        "owner": "320202199001011234",
        "after": {"a": 1},
    }


@pytest.mark.django_db
def test_one_event_costs_one_statement(django_assert_num_queries):
    """Nothing is asked of the database to build a record."""
    with django_assert_num_queries(1):
        record(PermitGranted(resource="x", owner="y"))
    with django_assert_num_queries(1):
        record_all([PermitGranted(resource=str(number)) for number in range(30)])


@pytest.mark.django_db
def test_many_events_are_written_all_or_none():
    """More than one statement takes is one transaction."""
    record_all([PermitRefused(resource=str(number)) for number in range(130)])
    assert len(codes()) == 130


@pytest.mark.clause("A5.1")
@REAL
def test_a_success_that_is_rolled_back_leaves_no_record():
    """The record commits with the change or not at all."""
    with pytest.raises(Undo), boundary(), transaction.atomic():
        record(PermitGranted(resource="x"))
        raise Undo
    assert codes() == []


@pytest.mark.clause("A5.1")
@REAL
@pytest.mark.parametrize("event", [PermitRefused(), PermitFailed()])
def test_a_refusal_survives_the_rollback(event):
    """The boundary holds it and writes it when the transaction has ended."""
    with pytest.raises(Undo), boundary(), transaction.atomic():
        record(event)
        assert codes() == []
        raise Undo
    assert codes() == [event.declaration.code]


@REAL
def test_without_the_boundary_the_refusal_needs_its_own_connection(monkeypatch):
    """Remove what holds and what writes apart: the refusal is lost."""
    monkeypatch.setattr(writer, "is_in_transaction", lambda alias: False)
    with pytest.raises(Undo), boundary(), transaction.atomic():
        record(PermitRefused())
        raise Undo
    assert codes() == []


@REAL
def test_held_events_are_written_in_one_statement(django_assert_num_queries):
    """Ten refusals of a request cost one INSERT."""
    with boundary() as held:
        with transaction.atomic():
            for number in range(10):
                record(PermitRefused(resource=str(number)))
        with django_assert_num_queries(1):
            held.__exit__(None, None, None)
        assert len(codes()) == 10


@REAL
def test_outside_of_a_transaction_a_refusal_is_written_at_once():
    """A crash later in the request cannot lose it."""
    with boundary():
        record(PermitRefused())
        assert codes() == ["tests:permit:refused"]


@REAL
def test_outside_of_a_boundary_a_refusal_is_written_apart():
    """A job without a boundary keeps its refusals too."""
    with pytest.raises(Undo), transaction.atomic():
        record(PermitRefused())
        raise Undo
    assert codes() == ["tests:permit:refused"]


@REAL
def test_a_boundary_inside_the_transaction_writes_apart():
    """Where nobody outside could write it, its own connection does."""
    with pytest.raises(Undo), transaction.atomic():
        with boundary():
            record(PermitRefused())
        raise Undo
    assert codes() == ["tests:permit:refused"]


@REAL
def test_a_nested_boundary_hands_its_rows_on():
    """The inner one ends inside of the transaction and cannot write yet."""
    with pytest.raises(Undo), boundary(), transaction.atomic():
        with boundary():
            record(PermitRefused())
        assert codes() == []
        raise Undo
    assert codes() == ["tests:permit:refused"]


@REAL
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_an_interrupt_loses_no_refusal(error):
    """Whatever ends the request, what was refused in it stays."""
    with pytest.raises(error), boundary(), transaction.atomic():
        record(PermitRefused())
        raise error
    assert codes() == ["tests:permit:refused"]


@REAL
def test_a_savepoint_takes_only_its_own_success():
    """A success inside a rolled back savepoint did not happen; the other did."""
    with transaction.atomic():
        record(PermitGranted(resource="kept"))
        with pytest.raises(Undo), transaction.atomic():
            record(PermitGranted(resource="undone"))
            raise Undo
    assert list(AuditRecord.objects.values_list("resource", flat=True)) == ["kept"]


@REAL
def test_a_thread_of_the_request_reports_to_its_boundary():
    """The context carries the boundary; the rows arrive with the request's own."""

    def work() -> None:
        record(PermitRefused(resource="thread"))
        connection.close()

    with boundary():
        context = copy_context()
        thread = threading.Thread(target=context.run, args=(work,))
        thread.start()
        thread.join()
    assert codes() == ["tests:permit:refused"]


@REAL
def test_a_thread_that_outlives_the_request_writes_at_once():
    """A closed boundary keeps nothing that nobody would write."""
    with boundary():
        context = copy_context()

    def work() -> None:
        with pytest.raises(Undo), transaction.atomic():
            record(PermitRefused(resource="late"))
            raise Undo

    context.run(work)
    assert codes() == ["tests:permit:refused"]


@REAL
def test_a_thread_without_a_context_can_record():
    """A bare thread has neither boundary nor actor, and its events count."""

    def work() -> None:
        record(PermitGranted())
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert codes() == ["tests:permit:granted"]


def test_a_forked_child_does_not_keep_the_parents_boundary(monkeypatch):
    """Both would write the rows; the child's are not held."""
    held = scope.Boundary()
    with held:
        monkeypatch.setattr("os.getpid", lambda: -1)
        assert held.hold([{"code": "x"}]) is False
        monkeypatch.undo()


@REAL
def test_a_command_names_itself():
    """No event is nobody's."""
    with acting_as(system_actor("nightly")):
        record(PermitGranted())
    row = AuditRecord.objects.get()
    assert (row.actor_kind, row.actor_username) == ("system", "nightly")


@pytest.mark.django_db
def test_an_actor_that_cannot_be_found_out_is_unknown(monkeypatch):
    """The failure of the user table must be recorded without the user table."""

    def broken(self):
        raise DatabaseError("gone")

    monkeypatch.setattr("jtsec.core.context.Context.actor", property(broken))
    record(PermitFailed(reason="database"))
    assert AuditRecord.objects.get().actor_kind == "unknown"


@pytest.mark.clause("A5.1")
@REAL
def test_a_change_without_its_record_cannot_be_committed(settings, tmp_path):
    """Who swallows the error commits nothing: the transaction is doomed."""
    from jtsec.authentication.models import Place

    settings.JTSEC_KEYS_FILE = str(tmp_path / "none")
    with transaction.atomic():
        Place.objects.create(name="x", networks=[])
        with pytest.raises(AuditUnavailable):
            record(PermitGranted())
    assert not Place.objects.exists()


@pytest.mark.django_db
def test_without_keys_nothing_is_recorded_and_that_is_said(settings, tmp_path):
    """A record without its check value would be worth nothing."""
    settings.JTSEC_KEYS_FILE = str(tmp_path / "none")
    with pytest.raises(AuditUnavailable, match="tests:permit:refused"):
        record(PermitRefused())


@pytest.mark.django_db
def test_a_record_without_sensitive_fields_needs_no_detail_key():
    """The keys of the run are the known ones."""
    record(PermitRefused())
    assert (
        AuditRecord.objects.get().mac_key_id == keyring.known_key(Purpose.AUDIT_MAC).id
    )


@REAL
def test_a_flush_that_fails_fails_the_request(monkeypatch):
    """No response leaves before its events are durable."""

    def broken(rows, alias):
        raise DatabaseError("disk full")

    monkeypatch.setattr(writer, "insert", broken)
    with pytest.raises(AuditUnavailable), boundary(), transaction.atomic():
        record(PermitRefused())


@REAL
def test_an_interrupt_is_not_hidden_by_a_flush_that_fails(monkeypatch, caplog):
    """The process ends as it was told to; the log says what was lost."""
    monkeypatch.setattr(
        writer, "insert", lambda *args: (_ for _ in ()).throw(DatabaseError("gone"))
    )
    with pytest.raises(KeyboardInterrupt), boundary(), transaction.atomic():
        record(PermitRefused())
        raise KeyboardInterrupt
    assert "could not be written" in caplog.text


@REAL
def test_the_event_loop_holds_refusals_and_awaits_successes():
    """Neither blocks the loop on the database, and both are written."""

    async def work() -> None:
        async with boundary():
            record(PermitRefused())
            await arecord(PermitGranted())

    run(work())
    assert sorted(codes()) == ["tests:permit:granted", "tests:permit:refused"]


@REAL
def test_a_cancelled_task_writes_its_refusals():
    """A client that hangs up does not erase what it tried."""

    async def work() -> None:
        async with boundary():
            record(PermitRefused())
            await asyncio.sleep(60)

    async def cancel() -> None:
        task = asyncio.create_task(work())
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(cancel())
    assert codes() == ["tests:permit:refused"]


@REAL
def test_a_success_on_the_event_loop_is_refused_rather_than_lost():
    """There is no transaction on the loop; `arecord` is the way."""

    async def work() -> None:
        async with boundary():
            with pytest.raises(AuditUnavailable):
                record(PermitGranted())

    run(work())
    assert codes() == []


@REAL
def test_an_action_waits_for_the_rollback():
    """What must not be undone runs after the transaction."""
    seen: list[bool] = []
    with pytest.raises(Undo), boundary(), transaction.atomic():
        after_rollback(lambda: seen.append(connection.in_atomic_block))
        assert seen == []
        raise Undo
    assert seen == [False]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["a\x00b", "\ud800", "x" * 10_000_000, "ı\u202e\n"])
def test_no_text_from_outside_stops_a_record(name):
    """Every database takes the row of every name somebody may type."""
    record(PermitRefused(subject_username=name, reason=name, resource=name))
    record(AnythingNoted(what={name[:9]: [name]}))
    assert len(codes()) == 2
