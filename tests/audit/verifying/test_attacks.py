"""What the owner of the database does to the log is named, at its place (A5.8)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from django.db import connection, models

from jtsec.audit import immutability
from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import TEXT_COLUMNS, parse
from jtsec.audit.sealing import sealer
from jtsec.audit.sealing.api import seal_now
from jtsec.audit.sealing.models import AuditAnchor, AuditCheckpoint, AuditSealer
from jtsec.audit.verifying.api import Exit, Kind, Report, verify
from jtsec.core.clock import now
from jtsec.crypto import sm2
from jtsec.keys import api as keys
from tests.audit.sealing.log import grant, open_transaction
from tests.audit.verifying import attacks
from tests.audit.verifying.conftest import Log

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.8")]


def found(report: Report) -> list[tuple[str, int | None, int | None]]:
    """Return kind and place of each finding."""
    return [(one.kind.value, one.checkpoint, one.record_id) for one in report.findings]


def test_an_honest_log_is_whole(log: Log) -> None:
    """Nothing is found, in either mode, with the anchor compared."""
    for deep in (True, False):
        report = verify(deep=deep)
        assert found(report) == []
        assert report.exit_code is Exit.WHOLE
        assert (report.checkpoints, report.rows, report.unsealed) == (3, 12, 0)
        assert report.anchors == (f"file:{log.anchor}",)


@pytest.mark.parametrize("deep", [True, False])
@pytest.mark.parametrize("which", [0, 5, 11])
def test_one_changed_byte_is_named(log: Log, which: int, deep: bool) -> None:
    """The record and its checkpoint: the first, one in the middle, the last."""
    target = log.ids[which]
    payload = bytes(AuditRecord.objects.get(pk=target).payload)
    at = payload.index(b'"count":0') + 8
    attacks.change(target, "payload", payload[:at] + b"1" + payload[at + 1 :])
    report = verify(deep=deep)
    assert found(report) == [("altered", which // 4 + 1, target)]
    assert report.exit_code is Exit.FALSE
    assert str(target) in report.findings[0].sentence


@pytest.mark.parametrize("column", [*TEXT_COLUMNS])
def test_a_changed_text_column_is_named(log: Log, column: str) -> None:
    """Columns are copies for queries; an auditor's page reads them."""
    attacks.change(log.ids[6], column, "x")
    report = verify()
    assert found(report) == [("column-altered", 2, log.ids[6])]
    assert column in report.findings[0].sentence


def test_a_changed_time_number_severity_or_kind_of_person_is_named(log: Log) -> None:
    """The other columns, each in a record of its own."""
    row = AuditRecord.objects.get(pk=log.ids[0])
    at = row.at + timedelta(seconds=1)
    stored = AuditRecord._meta.get_field("at").get_db_prep_save(at, connection)
    number = AuditRecord._meta.get_field("event_id").get_db_prep_save(
        uuid4(), connection
    )
    attacks.change(log.ids[0], "at", stored)
    attacks.change(log.ids[1], "event_id", number)
    attacks.change(log.ids[2], "severity", 40)
    attacks.change(log.ids[3], "actor_is_police", True)
    report = verify()
    assert found(report) == [("column-altered", 1, one) for one in log.ids[:4]]
    names = ("at", "event_id", "severity", "actor_is_police")
    assert all(n in f.sentence for n, f in zip(names, report.findings, strict=True))


@pytest.mark.parametrize("deep", [True, False])
def test_a_changed_key_name_or_check_value_is_named(log: Log, deep: bool) -> None:
    """Both are sealed: a key nobody has is no excuse."""
    attacks.change(log.ids[1], "mac_key_id", "audit-mac-99")
    attacks.change(log.ids[5], "mac", b"\0" * 32)
    attacks.change(log.ids[9], "mac", b"short")
    report = verify(deep=deep)
    assert found(report) == [
        ("altered", number + 1, log.ids[4 * number + 1]) for number in range(3)
    ]


def test_a_byte_moved_between_check_value_and_content_is_named(log: Log) -> None:
    """Run together they are the same bytes; apart they are not."""
    row = AuditRecord.objects.get(pk=log.ids[5])
    mac, payload = bytes(row.mac), bytes(row.payload)
    attacks.change(row.pk, "mac", mac[:-1])
    attacks.change(row.pk, "payload", mac[-1:] + payload)
    assert found(verify(deep=False)) == [("altered", 2, row.pk)]


@pytest.mark.parametrize("deep", [True, False])
@pytest.mark.parametrize("which", [0, 5, 11])
def test_a_deleted_row_is_named(log: Log, which: int, deep: bool) -> None:
    """The first, one in the middle, the last."""
    attacks.delete(log.ids[which])
    report = verify(deep=deep)
    assert found(report) == [("missing", which // 4 + 1, log.ids[which])]


def test_deleted_rows_are_named_as_ranges(log: Log) -> None:
    """Emptying the table is a few findings and not a million."""
    attacks.delete(*log.ids)
    assert found(verify()) == [
        ("missing", number, log.of(number)[0]) for number in (1, 2, 3)
    ]


def test_a_copy_under_a_new_number_is_named(log: Log) -> None:
    """With the unique index gone, so that the database takes it."""
    row = AuditRecord.objects.get(pk=log.ids[2])
    with without_unique_event():
        attacks.insert(row, log.ids[-1] + 1)
        assert ("added", None, log.ids[-1] + 1) in found(verify())
        attacks.delete(log.ids[-1] + 1)


def test_a_row_behind_the_end_without_the_key_is_named(log: Log) -> None:
    """Not sealed yet, so its check value is looked at."""
    row = AuditRecord.objects.get(pk=log.ids[2])
    row.event_id = uuid4()
    attacks.insert(row, log.ids[-1] + 1)
    report = verify()
    assert [(kind, at) for kind, _c, at in found(report)] == [
        ("column-altered", log.ids[-1] + 1)
    ]
    row.mac = bytes(32)
    attacks.delete(log.ids[-1] + 1)
    attacks.insert(row, log.ids[-1] + 1)
    assert found(verify()) == [("mac-wrong", None, log.ids[-1] + 1)]


@pytest.mark.parametrize("deep", [True, False])
def test_a_row_in_a_closed_gap_is_named_whoever_holds_the_key(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, deep: bool
) -> None:
    """A thief of the MAC key writes a right row under a number that was passed over."""
    hole = sealed_with_a_hole()
    # On MySQL a gap is settled by its age; elsewhere it is by now.
    monkeypatch.setattr(sealer, "now", lambda: now() + timedelta(hours=2))
    grant(1)
    seal_now()
    row = attacks.forged(AuditRecord.objects.get(pk=hole + 1), id=str(uuid4()))
    row.event_id = parse_id(row)
    attacks.insert(row, hole)
    report = verify(deep=deep)
    assert [(kind, at) for kind, _c, at in found(report)] == [("added", hole)]
    assert report.exit_code is Exit.FALSE


@pytest.mark.parametrize("number", [0, -5])
def test_a_row_below_the_first_number_is_named(log: Log, number: int) -> None:
    """No range of a checkpoint reaches there."""
    if connection.vendor == "mysql" and number == 0:
        pytest.skip("MySQL gives out the next number for 0")
    row = attacks.forged(AuditRecord.objects.get(pk=log.ids[0]), id=str(uuid4()))
    row.event_id = parse_id(row)
    attacks.insert(row, number)
    for deep in (True, False):
        assert found(verify(deep=deep)) == [("added", None, number)]


@pytest.mark.parametrize("deep", [True, False])
def test_two_rows_that_changed_places_are_named(log: Log, deep: bool) -> None:
    """Every check value is right; only the seal tells, and both are named."""
    attacks.swap(log.ids[4], log.ids[7])
    report = verify(deep=deep)
    assert found(report) == [("reordered", 2, log.ids[4])]
    assert str(log.ids[7]) in report.findings[0].sentence


def test_two_rows_that_changed_places_across_checkpoints_are_named(log: Log) -> None:
    """Two roots fail, and one exchange explains both."""
    attacks.swap(log.ids[1], log.ids[10])
    report = verify()
    assert found(report) == [("reordered", 1, log.ids[1])]
    assert str(log.ids[10]) in report.findings[0].sentence


def test_a_row_rewritten_with_the_mac_key_is_found_by_the_seal(log: Log) -> None:
    """Who holds the MAC key and not the signing key: the checkpoint is named."""
    attacks.rewrite(log.ids[5], resource="forged")
    report = verify()
    assert found(report) == [("altered", 2, None)]
    assert report.exit_code is Exit.FALSE


def test_a_log_rewritten_with_the_mac_key_and_another_signing_key(log: Log) -> None:
    """Everything fits but the signatures."""
    attacks.rewrite(log.ids[5], resource="forged")
    attacks.reseal(sm2.generate())
    report = verify(anchors=False)
    assert {kind for kind, _c, _r in found(report)} == {"signature-wrong"}
    assert report.findings[0].checkpoint == 1
    assert report.exit_code is Exit.FALSE


def test_a_log_rewritten_from_the_middle_on_with_another_key(log: Log) -> None:
    """The key changes without having been announced."""
    attacks.rewrite(log.ids[5], resource="forged")
    attacks.reseal(sm2.generate(), first=2)
    report = verify(anchors=False)
    assert found(report)[0] == ("signature-wrong", 2, None)


def test_a_log_rewritten_with_every_key_is_found_by_the_anchor(log: Log) -> None:
    """Sound in itself; the anchor knows what it was."""
    attacks.rewrite(log.ids[5], resource="forged")
    attacks.reseal(keys.signing_key()[1])
    assert found(verify(anchors=False)) == []
    report = verify()
    assert found(report) == [("anchor-mismatch", 1, None)] or found(report) == [
        ("anchor-mismatch", 2, None)
    ]
    assert report.exit_code is Exit.FALSE


@pytest.mark.parametrize("number", [1, 2])
def test_a_deleted_checkpoint_is_named(log: Log, number: int) -> None:
    """The first and one in the middle; the rows alone do not make up for it."""
    attacks.delete_checkpoints(number)
    for anchors in (True, False):
        report = verify(anchors=anchors)
        assert found(report)[0] == ("checkpoint-missing", number, None)
        assert report.exit_code is Exit.FALSE


def test_a_deleted_last_checkpoint_is_named_by_the_anchor(log: Log) -> None:
    """Its rows look like rows that wait."""
    attacks.delete_checkpoints(3)
    report = verify()
    assert found(report) == [("cut-tail", 3, log.of(3)[0])]
    assert report.unsealed == 4


def test_a_cut_tail_is_named_by_the_anchor(log: Log) -> None:
    """Rows and checkpoints gone together: what is left is sound in itself."""
    attacks.delete(*log.of(2), *log.of(3))
    attacks.delete_checkpoints(2, 3)
    # Where sealing stands tells it too, until somebody wipes that off.
    assert found(verify(anchors=False)) == [("cut-tail", 2, None)]
    AuditSealer.objects.all().delete()
    AuditAnchor.objects.all().delete()
    assert found(verify(anchors=False)) == []
    report = verify()
    assert [one[1:] for one in found(report)] == [(2, log.of(2)[0])]
    assert report.findings[0].kind in (Kind.CUT_TAIL, Kind.REPLAYED)
    assert str(log.ids[-1]) in report.findings[0].sentence
    assert report.exit_code is Exit.FALSE


@pytest.mark.parametrize("column", ["body", "signature"])
def test_a_changed_checkpoint_is_named(log: Log, column: str) -> None:
    """One byte of what was signed, or of the signature."""
    stored = AuditCheckpoint.objects.get(number=2)
    data = bytes(getattr(stored, column))
    at = data.index(b'"count":4') + 8 if column == "body" else 20
    attacks.sql(
        f"UPDATE {attacks.CHECKPOINTS} SET {column} = %s WHERE number = 2",
        data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :],
    )
    report = verify(anchors=False)
    assert all(number == 2 for _kind, number, _r in found(report))
    assert report.exit_code is Exit.FALSE


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("first_id", 0),
        ("last_id", 10**6),
        ("count", 3),
        ("root", bytes(32)),
        ("hash", bytes(range(32))),
        ("key_id", "x"),
        ("late_first", 1),
        ("late_last", 1),
        ("at", "2020-01-01 00:00:00+00:00"),
    ],
)
def test_a_changed_column_of_a_checkpoint_is_named(
    log: Log, column: str, value: object
) -> None:
    """Pages and queries read them."""
    if connection.vendor == "mysql" and column == "at":
        value = "2020-01-01 00:00:00"
    attacks.sql(
        f"UPDATE {attacks.CHECKPOINTS} SET {connection.ops.quote_name(column)} = %s "
        "WHERE number = 2",
        value,
    )
    report = verify()
    assert found(report) == [("checkpoint-altered", 2, None)]
    assert column in report.findings[0].sentence


def test_a_checkpoint_signed_anew_behind_another_breaks_the_chain(log: Log) -> None:
    """With the signing key one is easily replaced, its successors are not."""
    attacks.rewrite(log.ids[1], resource="forged")
    third = AuditCheckpoint.objects.get(number=2)
    attacks.delete_checkpoints(2)
    attacks.reseal(keys.signing_key()[1])
    attacks.delete_checkpoints(2)
    AuditCheckpoint.objects.bulk_create([third])
    report = verify(anchors=False)
    assert ("chain-broken", 2, None) in found(report)


def test_a_late_row_is_sealed_once_and_removing_it_is_named(
    transactional_db: None,
) -> None:
    """A transaction that was open when its number was passed over."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer, whose numbers come in order")
    with open_transaction() as end:
        grant(2)
        seal_now()
        report = verify()
        assert (found(report), report.unsealed) == ([], 0)
        end("commit")
    late = AuditRecord.objects.order_by("id")[0]
    report = verify()
    assert (found(report), report.unsealed) == ([], 1)
    (made,) = seal_now()
    assert list(made.parsed().late) == [late.pk]
    assert found(verify()) == found(verify(processes=2)) == []
    attacks.delete(late.pk)
    for deep in (True, False):
        assert found(verify(deep=deep)) == [("missing", made.number, late.pk)]


def sealed_with_a_hole() -> int:
    """Return an id that was drawn and rolled back, and passed over for good."""
    first = grant(1)[0]
    hole = first + 1
    row = AuditRecord.objects.get(pk=first)
    grant(2)
    attacks.delete(hole)
    seal_now()
    grant(1)
    seal_now()
    seal_now()
    assert row.pk == first
    return hole


def parse_id(row: AuditRecord) -> UUID:
    """Return the event number that a record's content holds."""
    return UUID(parse(bytes(row.payload))["id"])


@contextmanager
def without_unique_event() -> Iterator[None]:
    """Let the database take one event twice, for a block."""
    field = AuditRecord._meta.get_field("event_id")
    _name, _path, arguments, named = field.deconstruct()
    plain = models.UUIDField(*arguments, **{**named, "unique": False})
    plain.set_attributes_from_name(field.name)
    plain.model = AuditRecord
    with connection.schema_editor() as editor:
        editor.alter_field(AuditRecord, field, plain)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(AuditRecord, plain, field)
        # SQLite has made the table anew, without its triggers.
        immutability.install(connection)
