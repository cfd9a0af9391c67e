"""A row that SQL changed is found on load, alarmed by name, refused by every write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from django.contrib import admin
from django.core import serializers
from django.db import transaction
from django.db.models import F, QuerySet
from django.test import RequestFactory

from jtsec.audit.models import AuditRecord
from jtsec.core.exceptions import JtsecError
from jtsec.keys.key import Purpose, State
from jtsec.protection import passing
from jtsec.protection.api import RowUnverifiable, unverified
from tests import keyring
from tests.plainapp.models import Driver, Ledger, Permit, Stamp
from tests.protection.tampering import put, put_back, refused, remove, stored

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.2")]


def alarms(code: str = "protection:row:altered") -> list[str]:
    """Return the resources that events of a code name."""
    found = AuditRecord.objects.filter(code=code).order_by("id")
    return list(found.values_list("resource", flat=True))


@pytest.mark.parametrize(
    "change",
    [
        {"plate": "B"},
        {"fee": 9},
        {"is_open": False},
        {"holder_id": None},
        {"facts": '{"a": 2}'},
        {"day": "2026-02-04"},
        {"seal": b""},
        {"seal": b"\x01" + bytes(60)},
        {"phone": b"JT"},
    ],
)
def test_each_sealed_column_is_found_changed(change: dict[str, Any]) -> None:
    """Loading the row refuses, and the event names it."""
    driver = Driver.objects.create(name="d")
    made = Permit.objects.create(
        plate="A", holder=driver, facts={"a": 1}, day="2026-02-03", phone="1"
    )
    other = Permit.objects.create(plate="other")
    put(made, **change)
    with refused(JtsecError):
        Permit.objects.get(pk=made.pk)
    if "phone" not in change:
        assert alarms() == [f"plainapp.permit:{made.pk}"]
    with refused():
        made.save()
    assert alarms()[-1] == f"plainapp.permit:{made.pk}"
    Permit.objects.get(pk=other.pk).save()


def test_a_column_that_is_not_sealed_may_change() -> None:
    """Only what is declared is under the seal."""
    made = Permit.objects.create(plate="A")
    put(made, remark="by hand")
    assert Permit.objects.get().remark == "by hand"


def test_seals_are_not_carried_to_other_rows() -> None:
    """All columns of one row put on another, seal and all, make a broken row."""
    first, second = Ledger.objects.create(text="a"), Ledger.objects.create(text="b")
    columns = stored(first)
    del columns["id"]
    put(second, **columns)
    with refused():
        Ledger.objects.get(pk=second.pk)
    remove(first)
    put_back(Ledger, {**columns, "id": 999})
    with refused():
        Ledger.objects.get(pk=999)


def load(fixture: str) -> None:
    """Save what a fixture holds."""
    for one in serializers.deserialize("json", fixture):
        one.save()


WRITES: dict[str, Callable[[Ledger], Any]] = {
    "save": lambda row: row.save(),
    "save of a part": lambda row: row.save(update_fields=["number"]),
    "delete": lambda row: row.delete(),
    "update": lambda row: Ledger.objects.filter(pk=row.pk).update(number=5),
    "update of all": lambda row: Ledger.objects.update(number=5),
    "F": lambda row: Ledger.objects.update(number=F("number") + 1),
    "bulk_update": lambda row: Ledger.objects.bulk_update([row], ["number"]),
    "delete by query": lambda row: Ledger.objects.filter(pk=row.pk).delete(),
    "fast delete": lambda row: (
        QuerySet(Ledger).filter(pk=row.pk)._raw_delete("default")
    ),
    "update_or_create": lambda row: Ledger.objects.update_or_create(
        pk=row.pk, defaults={"number": 4}
    ),
    "get_or_create": lambda row: Ledger.objects.get_or_create(pk=row.pk),
    "another queryset": lambda row: QuerySet(Ledger).update(number=4),
    "fixture": lambda row: load(serializers.serialize("json", [row])),
    "refresh": lambda row: row.refresh_from_db(),
    "a part is loaded": lambda row: QuerySet(Ledger).only("number").get(pk=row.pk),
    "raw": lambda row: list(
        Ledger.objects.raw("SELECT id, number FROM plainapp_ledger")
    ),
    "in_bulk": lambda row: Ledger.objects.in_bulk(),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_broken_row_is_refused(
    write: Callable[[Ledger], Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever way the ORM has, the row stays as it was found, and is told."""
    Ledger.objects.bulk_create(Ledger(pk=n, text="t") for n in range(1, 6))
    row = Ledger.objects.get(pk=3)
    put(row, text="altered")
    row.number = 77
    with refused() as caught:
        write(row)
    assert caught.value.resource == "plainapp.ledger:3"
    assert stored(row)["text"] == "altered"
    assert stored(row)["number"] == 0
    assert 'resource="plainapp.ledger:3"' in caplog.text
    # Of a way with a savepoint of its own the test's transaction takes the event.
    assert set(alarms()) <= {"plainapp.ledger:3"}
    # The refusal left everything as it was, also the root.
    assert stored(Ledger(pk=1))["number"] == 0
    Ledger.objects.get(pk=1).save()


RELATED: dict[str, Callable[[Driver, Permit], Any]] = {
    "clear": lambda driver, permit: driver.permits.clear(),
    "remove": lambda driver, permit: driver.permits.remove(permit),
    "set": lambda driver, permit: driver.permits.set([]),
    "add": lambda driver, permit: Driver.objects.create(name="n").permits.add(permit),
    "cascade": lambda driver, permit: driver.delete(),
    "joined": lambda driver, permit: list(Permit.objects.select_related("holder")),
    "prefetched": lambda driver, permit: list(
        Driver.objects.prefetch_related("permits")
    ),
    "read": lambda driver, permit: list(driver.permits.all()),
}


@pytest.mark.parametrize("write", RELATED.values(), ids=RELATED)
def test_related_managers_refuse_a_broken_row(
    write: Callable[[Driver, Permit], Any],
) -> None:
    """The other side's managers change rows by statements, and cascades do."""
    driver = Driver.objects.create(name="d")
    permit = driver.permits.create(plate="A")
    put(permit, plate="B")
    with refused():
        write(driver, permit)
    assert stored(permit)["holder_id"] == driver.pk


def test_the_admin_refuses_a_broken_row(rf: RequestFactory) -> None:
    """Its lists, forms and actions load rows or delete by queries as others do."""
    row = Ledger.objects.create(text="a")
    own = admin.ModelAdmin(Ledger, admin.AdminSite())
    request = rf.get("/")
    put(row, text="altered")
    for act in (
        lambda: own.get_object(request, str(row.pk)),
        lambda: list(own.get_queryset(request)),
        lambda: own.delete_queryset(request, own.get_queryset(request)),
        lambda: own.save_model(request, row, None, change=True),
        lambda: own.delete_model(request, row),
    ):
        with refused():
            act()


def test_a_broken_row_can_be_looked_at_and_not_written() -> None:
    """Who has to find out what happened sees the row; a write is refused."""
    row = Ledger.objects.create(text="a")
    put(row, text="altered")
    with unverified():
        found = Ledger.objects.get(pk=row.pk)
        assert found.text == "altered"
        with refused():
            found.save()
        with refused():
            found.delete()


def test_without_its_key_nothing_is_known(other_ring) -> None:
    """A missing key is no evidence of tampering, and is refused as well."""
    row = Ledger.objects.create(text="a")
    others = [one for one in keyring.known_ring() if one.purpose is not Purpose.SEAL]
    other_ring(*others, keyring.known_key(Purpose.SEAL, 2, State.ACTIVE))
    with refused(RowUnverifiable):
        Ledger.objects.get(pk=row.pk)
    assert alarms("protection:row:unverifiable") == [f"plainapp.ledger:{row.pk}"]
    assert alarms() == []


def test_a_retired_key_still_verifies_and_the_next_save_takes_the_new_one(
    other_ring,
) -> None:
    """Seals are renewed one by one; the root stays under the key it began with."""
    row = Ledger.objects.create(text="a")
    others = [one for one in keyring.known_ring() if one.purpose is not Purpose.SEAL]
    other_ring(
        *others,
        keyring.known_key(Purpose.SEAL, 1, State.RETIRED),
        keyring.known_key(Purpose.SEAL, 2, State.ACTIVE),
    )
    found = Ledger.objects.get(pk=row.pk)
    found.save()
    assert b"seal-2" in bytes(Ledger.objects.get(pk=row.pk).seal)


def test_without_the_seals_in_its_way_the_orm_leaves_a_broken_row() -> None:
    """What the tests above show is the work of the place that statements pass."""
    row = Stamp.objects.create(text="a")
    with passing.passing(), transaction.atomic():
        Stamp.objects.filter(pk=row.pk).update(text="b")
    with refused():
        Stamp.objects.get(pk=row.pk)


def test_a_row_sealed_by_an_older_list_is_sound_and_renewed(monkeypatch) -> None:
    """A field that is added later is under the seals from the next save on."""
    from jtsec.protection import declaration

    monkeypatch.setattr(declaration, "_plans", {})
    monkeypatch.setattr(Ledger, "sealed_fields", {1: ("text",)})
    row = Ledger.objects.create(text="a", number=1)
    declaration._plans.clear()
    monkeypatch.setattr(Ledger, "sealed_fields", {1: ("text",), 2: ("text", "number")})
    put(row, number=2)
    found = Ledger.objects.get(pk=row.pk)
    found.save()
    put(row, number=3)
    with refused():
        Ledger.objects.get(pk=row.pk)
    declaration._plans.clear()
    monkeypatch.setattr(Ledger, "sealed_fields", {1: ("text",)})
    with refused(RowUnverifiable):
        Ledger.objects.get(pk=row.pk)
