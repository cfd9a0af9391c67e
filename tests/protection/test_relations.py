"""Tables that inherit, proxies, many-to-many relations, and registered models."""

from __future__ import annotations

import pytest

from django.db import transaction
from django.test import override_settings

from jtsec.audit.models import AuditRecord
from jtsec.protection.api import Exit, RowAltered, SealedWriteRefused, verify
from tests.plainapp.models import (
    Crew,
    Driver,
    Ledger,
    ListedLedger,
    Membership,
    SpecialLedger,
)
from tests.protection.tampering import put, refused, stored

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.1", "A6.2")]


def is_sound() -> bool:
    """Answer whether all tables are."""
    return verify().exit_code is Exit.SOUND


def test_a_table_that_inherits_is_sealed_by_the_one_it_inherits() -> None:
    """Its instances are verified and sealed, whichever of the tables is written."""
    made = SpecialLedger.objects.create(text="a", number=1, extra="e")
    made.text = "b"
    made.save()
    found = SpecialLedger.objects.get(pk=made.pk)
    found.extra = "f"
    found.save(update_fields=["extra"])
    assert SpecialLedger.objects.update(number=5, extra="g") == 1
    assert (found.ledger_ptr.text, Ledger.objects.get().number) == ("b", 5)
    assert is_sound()
    put(Ledger(pk=made.pk), text="x")
    for act in (
        lambda: SpecialLedger.objects.get(pk=made.pk),
        lambda: SpecialLedger.objects.update(number=6),
        found.save,
        found.delete,
    ):
        with refused(), transaction.atomic():
            act()
    put(Ledger(pk=made.pk), text="b")
    SpecialLedger.objects.get().delete()
    assert is_sound()


def test_a_proxy_is_the_same_table() -> None:
    """Loaded, saved and changed as the model it stands for."""
    made = ListedLedger.objects.create(text="a")
    ListedLedger.objects.update(number=3)
    ListedLedger.objects.get().save()
    assert is_sound()
    put(made, number=4)
    with refused():
        ListedLedger.objects.get()


def test_relations_through_a_sealed_table_are_sealed() -> None:
    """add, set, remove and clear write rows that are verified like any other."""
    crew = Crew.objects.create()
    drivers = [Driver.objects.create(name=str(n)) for n in range(4)]
    crew.members.add(*drivers[:2])
    crew.members.set(drivers[1:])
    crew.members.remove(drivers[3])
    assert is_sound()
    assert crew.members.count() == 2
    row = Membership.objects.get(driver=drivers[1])
    put(row, driver_id=drivers[0].pk)
    for act in (
        crew.members.clear,
        lambda: crew.members.set([]),
        drivers[0].delete,
        crew.delete,
    ):
        with refused():
            act()
    assert stored(row)["driver_id"] == drivers[0].pk


def test_a_sealed_model_can_be_registered_for_the_audit() -> None:
    """Its changes are recorded, and sealed all the same."""
    with override_settings(JTSEC_AUDIT_MODELS=["plainapp.Ledger"]):
        made = Ledger.objects.create(text="a")
        made.text = "b"
        made.save()
        Ledger.objects.update(number=7)
        assert is_sound()
        put(made, number=8)
        with refused(RowAltered):
            made.delete()
        put(made, number=7)
        Ledger.objects.all().delete()
        with refused(SealedWriteRefused):
            Ledger.objects.bulk_create([Ledger(pk=1)], ignore_conflicts=True)
    codes = AuditRecord.objects.filter(resource=f"plainapp.ledger:{made.pk}")
    assert codes.count() >= 5
    assert is_sound()
