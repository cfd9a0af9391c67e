"""jtsec_data_verify finds every row that SQL changed, added, removed or put back."""

from __future__ import annotations

import json
import os
import random
from io import StringIO
from typing import Any

import pytest

from django.core.management import CommandError, call_command
from django.db import connection

from jtsec.audit.models import AuditRecord
from jtsec.core.guarding import writing
from jtsec.keys.key import Purpose
from jtsec.protection import parts, scanning
from jtsec.protection.api import (
    Exit,
    RootMissing,
    record_report,
    sealed_models,
    verify,
)
from jtsec.protection.models import SealedLane
from tests import keyring
from tests.plainapp.models import Driver, Ledger, Permit, Stamp
from tests.protection.tampering import put, put_back, refused, remove, stored

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.2")]

MANY = int(os.environ.get("JTSEC_TEST_TAMPERED_ROWS", "600"))
"""Sealed rows that are tampered with; 10000 for the whole proof."""


def make(count: int) -> list[Ledger]:
    """Return new rows, with keys known before."""
    rows = [Ledger(pk=n, text=f"t{n}", number=n) for n in range(1, count + 1)]
    return list(Ledger.objects.bulk_create(rows))


def said(*args: str, code: int) -> dict[str, Any]:
    """Run the command and return its JSON."""
    out = StringIO()
    try:
        call_command("jtsec_data_verify", *args, "--json", stdout=out)
        found = 0
    except SystemExit as end:
        found = int(end.code or 0)
    except CommandError as error:
        found = error.returncode
    assert found == code, out.getvalue()
    return json.loads(out.getvalue()) if out.getvalue() else {}


def test_random_tampering_is_found_to_the_last_row_and_none_falsely() -> None:
    """Each altered row is named, and no other."""
    rows = make(MANY)
    chance = random.Random(7)
    wanted = set()
    for row in chance.sample(rows, MANY // 10):
        match chance.randrange(4):
            case 0:
                put(row, text=chance.choice(["", "t", row.text + " "]))
            case 1:
                put(row, number=row.number + chance.choice([-1, 1, 10**6]))
            case 2:
                seal = bytearray(row.seal)
                seal[chance.randrange(len(seal))] ^= 1 << chance.randrange(8)
                put(row, seal=bytes(seal))
            case 3:
                put(row, seal=chance.choice(rows[: row.pk - 1] or rows[1:]).seal)
        wanted.add(f"plainapp.ledger:{row.pk}")
    (table,) = verify([Ledger]).tables
    # A changed letter of the key's id is a key that is missing, and counts as well.
    assert {fault.resource for fault in table.faults} == wanted
    assert table.rows == MANY


def test_sound_tables_are_sound_and_recorded() -> None:
    """Exit 0, and the audit remembers the root."""
    make(5)
    driver = Driver.objects.create(name="d")
    Permit.objects.create(plate="p", holder=driver, phone="1", facts=[1.0])
    told = said(code=0)
    assert told["verdict"] == "sound"
    rows = {one["table"]: one["rows"] for one in told["tables"]}
    assert (rows["plainapp.ledger"], rows["plainapp.permit"]) == (5, 1)
    assert set(rows) == {one._meta.label_lower for one in sealed_models()}
    made = AuditRecord.objects.filter(code="protection:table:sound")
    assert made.count() == 2
    make_more = Ledger.objects.get(pk=1)
    make_more.save()
    said("plainapp.Ledger", code=0)


def test_altered_rows_are_named_and_raise_alarms() -> None:
    """Exit 1; each row has its event, also one whose encrypted field does not open."""
    rows = make(30)
    put(rows[4], text="x")
    permits = [Permit.objects.create(plate="p", phone="1") for _ in range(3)]
    put(permits[1], phone=b"garbage")
    told = said(code=1)
    named = [f["resource"] for one in told["tables"] for f in one["faults"]]
    assert named == ["plainapp.ledger:5", f"plainapp.permit:{permits[1].pk}"]
    # Their seals are theirs still, so the tables as a whole are what they were.
    assert {one["root"] for one in told["tables"]} == {""}
    events = AuditRecord.objects.filter(code="protection:row:altered")
    assert sorted(events.values_list("resource", flat=True)) == named


def test_rows_that_sql_added_removed_or_put_back_are_found() -> None:
    """By the root: seals that are whole are no proof that the rows belong there."""
    rows = make(10)
    old = stored(rows[2])
    gone = stored(rows[5])
    rows[2].text = "newer"
    rows[2].save()
    rows[5].delete()
    assert verify([Ledger]).exit_code is Exit.SOUND

    def why() -> str:
        (table,) = verify([Ledger]).tables
        assert not table.altered
        return table.root

    remove(rows[8])
    assert "1 rows were removed" in why()
    put_back(Ledger, gone)
    assert "put back or replaced" in why()
    put_back(Ledger, stored_again := {**stored(rows[0]), "id": 99})
    (table,) = verify([Ledger]).tables
    assert (table.root, table.altered) == ("1 rows were added", 1)
    del stored_again
    remove(Ledger(pk=99))
    remove(Ledger(pk=6))
    put_back(Ledger, {**gone})
    remove(rows[2])
    put_back(Ledger, old)
    assert Ledger.objects.get(pk=3).text == "t3"
    assert "put back or replaced" in why()
    events = AuditRecord.objects.filter(code="protection:table:altered")
    record_report(verify([Ledger]))
    assert events.get().resource == "plainapp.ledger"


def test_a_table_put_back_with_its_root_is_found_by_what_the_audit_remembers() -> None:
    """Rows and root of an earlier moment fit together, and are too old."""
    (row,) = make(1)
    before = stored(row)
    lanes = [stored(one) for one in SealedLane.objects.all()]
    row.text = "newer"
    row.save()
    record_report(verify([Ledger]))
    remove(row)
    put_back(Ledger, before)
    for one in lanes:
        put(SealedLane(pk=one.pop("id")), **one)
    (table,) = verify([Ledger]).tables
    assert table.root == "table and root were put back to an earlier state"


@pytest.mark.parametrize("change", [{"state": b"x"}, {"token": "0" * 32}, None])
def test_a_root_that_was_tampered_with_is_found(change: dict[str, Any] | None) -> None:
    """A lane altered, moved or missing; the table without lanes is not begun anew."""
    make(3)
    lane = SealedLane.objects.order_by("lane").first()
    assert lane is not None
    if change is None:
        remove(lane)
    else:
        put(lane, **change)
    (table,) = verify([Ledger]).tables
    assert "root" in table.root
    assert said("plainapp.ledger", code=1)["verdict"] == "broken"


def test_a_removed_root_is_not_made_again_for_a_table_with_rows() -> None:
    """Whoever deletes the lanes gains nothing: the next write refuses."""
    rows = make(3)
    with writing("protection"):
        SealedLane.objects.all().delete()
    assert said("plainapp.ledger", code=2)["verdict"] == "unknown"
    with refused(RootMissing):
        Ledger.objects.create(text="new")
    with refused(RootMissing):
        rows[0].save()


def test_without_keys_nothing_is_said(other_ring) -> None:
    """Exit 2: a missing key accuses nobody."""
    make(3)
    others = [one for one in keyring.known_ring() if one.purpose is not Purpose.SEAL]
    other_ring(*others, keyring.known_key(Purpose.SEAL, 2))
    told = said("plainapp.ledger", code=2)
    assert told["tables"][0]["unknown"] == 3


def test_what_is_asked_for_wrongly_is_said() -> None:
    """An unknown model or database is no verdict: exit 3."""
    said("plainapp.Plain", code=3)
    said("nonsense", code=3)
    said("--database", "elsewhere", code=3)


def test_the_sentences_name_what_is_wrong() -> None:
    """On a terminal: each row, each table, one line over all."""
    rows = make(3)
    put(rows[0], number=9)
    remove(rows[2])
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("jtsec_data_verify", stdout=out)
    assert "plainapp.ledger:1" in out.getvalue()
    assert "1 rows were removed" in out.getvalue()


def test_tables_are_verified_in_pages_and_parts(monkeypatch) -> None:
    """Wherever a table is cut, each row is verified once."""
    monkeypatch.setattr(scanning, "PAGE", 3)
    monkeypatch.setattr(parts, "ROWS", 4)
    make(23)
    Stamp.objects.bulk_create(Stamp(text=str(n)) for n in range(13))
    done: list[int] = []
    report = verify([Ledger, Stamp], progress=done.append)
    assert report.exit_code is Exit.SOUND
    assert [one.rows for one in report.tables] == [23, 13]
    assert sum(done) == 36


@pytest.mark.slow
@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_several_processes_find_the_same(monkeypatch) -> None:
    """Each has a connection of its own to the same database."""
    monkeypatch.setattr(parts, "ROWS", 30)
    rows = make(100)
    put(rows[77], text="x")
    connection.close()
    (table,) = verify([Ledger], processes=2).tables
    assert (table.rows, table.altered, table.root) == (100, 1, "")
