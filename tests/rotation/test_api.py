"""A rotation, step by step, on stored values of every kind."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from django.db import IntegrityError, transaction

from jtsec.audit.models import AuditRecord
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import InputError, Refused
from jtsec.fields import index_field, renewing, stored_column
from jtsec.keys import api as keys
from jtsec.keys.api import Purpose, State
from jtsec.keys.format import parse_ring
from jtsec.rotation import api
from tests.fields.stored import column, put
from tests.plainapp.models import Branch, Dossier, Driver, Office

from .stored import dossier, drivers, key_ids, rotated

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.3", "A10.3")]


def states(path: Path, purpose: Purpose) -> dict[str, str]:
    """Return the state of each key of a purpose in the file."""
    ring = parse_ring(path.read_bytes())
    return {key.id: key.state.value for key in ring if key.purpose is purpose}


def codes() -> list[str]:
    """Return what was recorded of keys."""
    rows = AuditRecord.objects.filter(code__startswith="rotation:").order_by("pk")
    return [row.code for row in rows]


def test_every_value_is_under_the_new_key_and_reads_as_before(
    as_ops: None, ring_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind of field; the index too; the old keys are retired, and on record."""
    monkeypatch.setattr(stored_column, "BATCH", 7)
    rows, one = drivers(20), dossier()
    outcome = rotated(Purpose.FIELD, Purpose.INDEX)
    assert outcome == (["field-2", "index-2"], outcome.retired, 0)
    assert sorted(outcome.retired) == ["field-1", "index-1"]
    for name in ("phone", "address", "number"):
        assert key_ids(Driver, name) == {"field-2": 20}
    for name in ("phone_index", "number_index"):
        assert key_ids(Driver, name) == {"index-2": 20}
    for row in rows:
        found = Driver.objects.get(number=row.number)
        assert (found.phone, found.address) == (row.phone, row.address)
    again = Dossier.objects.get(pk=one.pk)
    for name in ("text", "number", "amount", "born", "seen", "facts", "scan"):
        assert getattr(again, name) == getattr(one, name)
        assert key_ids(Dossier, name) == {"field-2": 1}
    assert Dossier.objects.get(amount=Decimal("1.5")) == one
    assert states(ring_file, Purpose.FIELD) == {
        "field-1": "retired",
        "field-2": "active",
    }
    assert codes()[:4] == ["rotation:key:prepared"] * 2 + ["rotation:key:activated"] * 2
    assert codes()[-2:] == ["rotation:key:retired"] * 2
    assert set(codes()[4:-2]) == {"rotation:data:renewed"}


def test_tables_that_inherit_one_another_are_each_renewed(as_ops: None) -> None:
    """What a child adds lies in its own table, under its parent's key."""
    branch = Branch.objects.create(phone="13800000000", code="B-1")
    assert rotated(Purpose.FIELD, Purpose.INDEX).left == 0
    assert key_ids(Branch, "code") == {"field-2": 1}
    assert key_ids(Office, "phone_index") == {"index-2": 1}
    assert Branch.objects.get(code="B-1", phone="13800000000") == branch


def test_rows_under_both_keys_are_found_while_it_lasts(as_ops: None) -> None:
    """Before, during and after: equality finds old rows and new ones."""
    drivers(3)
    api.prepare(Purpose.INDEX, reason="x")
    assert Driver.objects.filter(number="N1").count() == 1
    drivers(2, first=3)  # written under the old key, which is active yet
    api.activate(Purpose.INDEX, reason="x")
    drivers(2, first=5)
    assert key_ids(Driver, "number_index") == {"index-1": 5, "index-2": 2}
    for number in range(7):
        assert Driver.objects.filter(number=f"N{number}").count() == 1
        assert Driver.objects.filter(number__in=[f"N{number}", "none"]).count() == 1
    rotated()
    assert key_ids(Driver, "number_index") == {"index-2": 7}


def test_a_value_stays_unique_while_keys_are_rotated(as_ops: None) -> None:
    """A row under the old key and one to be written under the new are one value."""
    (row,) = drivers(1)
    api.prepare(Purpose.INDEX, reason="x")
    api.activate(Purpose.INDEX, reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Driver.objects.create(name="other", number="N0")
    with pytest.raises(IntegrityError), transaction.atomic():
        Driver.objects.bulk_create([Driver(name="other", number="N0")])
    other = Driver.objects.create(name="other", number="N9")
    with pytest.raises(IntegrityError), transaction.atomic():
        Driver.objects.filter(pk=other.pk).update(number="N0")
    row.save()  # its own value is no other's
    assert Driver.objects.filter(number="N0").count() == 1


def test_without_a_look_at_the_other_index_a_value_stands_twice(
    as_ops: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the protection removed the database sees two values; the run names them."""
    drivers(2)
    api.prepare(Purpose.INDEX, reason="x")
    api.activate(Purpose.INDEX, reason="x")
    monkeypatch.setattr(index_field, "others_of", lambda label, data: ())
    twin = Driver.objects.create(name="other", number="N0")
    failed = [line for step in api.renew(reason="x") for line in step.failed]
    assert len(failed) == 1
    assert failed[0].startswith("plainapp.driver.number ")
    assert key_ids(Driver, "number_index") == {"index-1": 1, "index-2": 2}
    assert api.retire(reason="x") == []
    twin.delete()
    assert rotated().retired == ["index-1"]


def test_with_the_active_key_alone_old_rows_are_not_found(
    as_ops: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection removed: a lookup under one key misses what the other indexed."""
    drivers(1)
    api.prepare(Purpose.INDEX, reason="x")
    api.activate(Purpose.INDEX, reason="x")
    assert Driver.objects.filter(number="N0").exists()
    every = keys.every
    monkeypatch.setattr(keys, "every", lambda purpose: every(purpose)[:1])
    assert not Driver.objects.filter(number="N0").exists()


@pytest.mark.parametrize("stopped_after", ["prepare", "activate", "batch", "renew"])
def test_a_run_that_was_stopped_is_gone_on_with(
    as_ops: None,
    ring_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    stopped_after: str,
) -> None:
    """The same call again makes no third key, and ends where one run would have."""
    monkeypatch.setattr(stored_column, "BATCH", 4)
    drivers(10)
    api.prepare(Purpose.FIELD, reason="x")
    if stopped_after != "prepare":
        api.activate(Purpose.FIELD, reason="x")
    if stopped_after == "batch":
        steps = api.renew(reason="x")
        next(one for one in steps if "driver.phone" in one.use and one.done)
        steps.close()
        assert set(key_ids(Driver, "phone")) == {"field-1", "field-2"}
    if stopped_after == "renew":
        list(api.renew(reason="x"))
        assert rotated().retired == ["field-1"]
        return
    assert rotated(Purpose.FIELD).retired == ["field-1"]
    assert states(ring_file, Purpose.FIELD) == {
        "field-1": "retired",
        "field-2": "active",
    }
    assert key_ids(Driver, "address") == {"field-2": 10}


@pytest.mark.parametrize(
    ("stored", "says"),
    [
        (b"plain text", "never encrypted"),
        (b"\xb1\x01\x07field-9" + bytes(40), "has no key 'field-9'"),
    ],
)
def test_what_cannot_be_read_is_told_and_left(
    as_ops: None, stored: bytes, says: str
) -> None:
    """Its bytes are untouched, the others are renewed, the old key is not retired."""
    rows = drivers(5)
    kept = column(Driver, rows[2].pk, "address")
    put(Driver, rows[1].pk, "address", stored)
    put(Driver, rows[2].pk, "phone", kept)  # moved here from another column
    steps = [*api.rotate([Purpose.FIELD], reason="x")]
    failed = [line for one in steps[:-1] for line in one.failed]  # type: ignore[union-attr]  # the last is the outcome
    assert len(failed) == 2
    assert any(says in line and str(rows[1].pk) in line for line in failed)
    assert steps[-1] == (["field-2"], [], 2)
    assert column(Driver, rows[1].pk, "address") == stored
    assert column(Driver, rows[2].pk, "phone") == kept
    assert key_ids(Driver, "number") == {"field-2": 5}


def test_who_wrote_in_between_keeps_what_he_wrote(as_ops: None) -> None:
    """A batch read before a write does not put the old value back."""
    (row,) = drivers(1)
    api.prepare(Purpose.FIELD, reason="x")
    api.activate(Purpose.FIELD, reason="x")
    (use,) = (one for one in keys.uses() if one.name == "plainapp.driver.phone")
    assert isinstance(use, renewing.ColumnUse)
    (batch,) = use.stored.batches()
    Driver.objects.filter(pk=row.pk).update(phone="13900000000")
    assert use._renew(batch, {}) == (0, ())
    assert Driver.objects.get(pk=row.pk).phone == "13900000000"


def test_purposes_that_are_never_rewritten_keep_their_old_key(
    as_ops: None, ring_file: Path
) -> None:
    """A new key for what comes; the old one is read with for good."""
    outcome = rotated(Purpose.AUDIT_MAC, Purpose.SEAL, Purpose.PEPPER)
    assert outcome.activated == ["seal-2", "audit-mac-2", "pepper-2"]
    assert outcome.retired == []
    for purpose in (Purpose.AUDIT_MAC, Purpose.SEAL, Purpose.PEPPER):
        assert keys.active(purpose).id == f"{purpose}-2"
        assert keys.get(f"{purpose}-1").state is State.REPLACED


@pytest.mark.parametrize("verb", ["prepare", "activate", "renew", "retire", "rotate"])
def test_nobody_without_the_duty_changes_keys(
    ops: object, at_once: None, ring_file: Path, verb: str
) -> None:
    """Refused and recorded, and the ring is as it was."""
    before = ring_file.read_bytes()
    with acting_as(system_actor("script")), pytest.raises(Refused, match="duty"):
        attempt(verb)
    assert codes() == ["rotation:change:refused"]
    assert ring_file.read_bytes() == before


def attempt(verb: str) -> None:
    """Call a verb and go to its end."""
    purpose = {"prepare": Purpose.FIELD, "activate": Purpose.FIELD}
    given: list[object] = [[Purpose.FIELD]] if verb == "rotate" else []
    given += [purpose[verb]] if verb in purpose else []
    list(getattr(api, verb)(*given, reason="x"))


def test_without_the_look_at_the_duty_a_script_makes_keys(
    ops: object, ring_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the protection removed, anything that runs here changes the ring."""
    monkeypatch.setattr(api, "require_duty", lambda resource, reason: reason)
    with acting_as(system_actor("script")):
        attempt("prepare")
    assert states(ring_file, Purpose.FIELD)["field-2"] == "coming"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "a\x00"])
def test_a_change_needs_a_reason(as_ops: None, ring_file: Path, reason: str) -> None:
    """None, or one that is no line of text: nothing happens."""
    before = ring_file.read_bytes()
    with pytest.raises(InputError):
        api.prepare(Purpose.FIELD, reason=reason)
    assert ring_file.read_bytes() == before


def test_an_event_that_cannot_be_written_leaves_the_ring(
    as_ops: None, ring_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No key comes without its record."""

    def refuse(event: object) -> None:
        raise RuntimeError("no log")

    before = ring_file.read_bytes()
    monkeypatch.setattr(api, "record", refuse)
    with pytest.raises(RuntimeError):
        api.prepare(Purpose.FIELD, reason="x")
    assert ring_file.read_bytes() == before
