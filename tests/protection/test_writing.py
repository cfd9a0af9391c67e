"""Every way the ORM writes leaves rows that are what was sealed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest

from django.core import serializers
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from jtsec.protection.api import SealedWriteRefused
from jtsec.protection.declaration import sealed_plan
from jtsec.protection.root import read_root
from tests.plainapp.models import Driver, Ledger, Permit, Stamp

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.1")]


def sound(model: type[models.Model]) -> None:
    """Demand that all rows load, and that they are those the root knows."""
    plan = sealed_plan(model)
    seals: list[Any] = [vars(one)["seal"] for one in model._default_manager.all()]
    nonces = [bytes(one)[3:19] for one in seals]
    root = read_root(plan, "default")
    assert root.count == len(nonces)
    assert root.total == root.adder.sum_of(nonces) % (1 << 128)


def test_a_row_of_many_kinds_is_sealed_and_loads() -> None:
    """What the database keeps is what was sealed, kind by kind."""
    driver = Driver.objects.create(name="z")
    made = Permit.objects.create(
        plate="粤A12345",
        holder=driver,
        fee="1.005",
        day=date(2026, 2, 3),
        facts={"b": [1.0, 1e22, None, "x"], "a": 0.5},
        phone="13800000000",
    )
    found = Permit.objects.get(pk=made.pk)
    assert (found.fee, found.phone) == (Decimal("1.00"), "13800000000")
    assert made.pk
    sound(Permit)


def test_an_instance_is_saved_again_and_again() -> None:
    """A save seals anew; the instance that was saved can be saved once more."""
    made = Ledger.objects.create(text="a", number=1)
    for number in range(3):
        made.number = number
        made.save()
    made.text = "b"
    made.save(update_fields=["text"])
    found = Ledger.objects.get()
    assert (found.text, found.number) == ("b", 2)
    sound(Ledger)


def test_a_stale_instance_saves_a_part_of_a_newer_row() -> None:
    """What somebody else wrote since stays, and is under the new seal."""
    first = Ledger.objects.create(text="a", number=1)
    second = Ledger.objects.get(pk=first.pk)
    second.number = 7
    second.save()
    first.text = "b"
    first.save(update_fields=["text"])
    found = Ledger.objects.get()
    assert (found.text, found.number) == ("b", 7)
    sound(Ledger)


def test_many_rows_are_made_at_once() -> None:
    """bulk_create seals each, with keys given out by the database or known before."""
    Ledger.objects.create(text="first")
    database: Any = connection
    if database.vendor == "mysql" and not database.mysql_is_mariadb:
        pytest.skip("MySQL does not tell the keys of many new rows")
    made = Ledger.objects.bulk_create(Ledger(text=str(n), number=n) for n in range(40))
    assert len({one.pk for one in made}) == 40
    Stamp.objects.bulk_create(Stamp(text=str(n)) for n in range(5))
    Ledger.objects.bulk_create([Ledger(pk=10_000, text="own")])
    Ledger.objects.create(text="last")
    sound(Ledger)
    sound(Stamp)


def test_statements_over_many_rows_seal_them_anew() -> None:
    """update() with values and with F(), bulk_update and delete() are followed."""
    Ledger.objects.bulk_create(Ledger(pk=n, text="t", number=n) for n in range(1, 31))
    assert Ledger.objects.filter(number__gt=10).update(text="u") == 20
    assert (
        Ledger.objects.update(number=F("number") + 1, text=Concat("text", Value("!")))
        == 30
    )
    rows = list(Ledger.objects.all())
    for row in rows:
        row.number += 100
    assert Ledger.objects.bulk_update(rows, ["number"], batch_size=7) == 30
    assert Ledger.objects.filter(number__lt=110).delete()[0] == 8
    assert Ledger.objects.get(pk=30).text == "u!"
    sound(Ledger)


def test_related_managers_and_cascades_seal_anew() -> None:
    """add, remove, clear, set, create, and SET_NULL when the other side goes."""
    driver = Driver.objects.create(name="d")
    other = Driver.objects.create(name="o")
    permits = [Permit.objects.create(plate=str(n)) for n in range(4)]
    driver.permits.add(*permits[:3])
    driver.permits.remove(permits[0])
    driver.permits.set(permits[1:])
    driver.permits.create(plate="x")
    driver.permits.update_or_create(plate="y", defaults={"fee": 3})
    driver.permits.get_or_create(plate="z")
    other.permits.add(permits[0])
    other.permits.clear()
    driver.delete()
    assert Permit.objects.filter(holder=None).count() == 7
    sound(Permit)


def test_fixtures_are_sealed_as_they_are_loaded() -> None:
    """A raw save gets its seal here, whatever the fixture holds."""
    made = Ledger.objects.create(text="a", number=5)
    told = serializers.serialize("json", [made])
    made.delete()
    for one in serializers.deserialize("json", told.replace('"a"', '"b"')):
        one.save()
    assert Ledger.objects.get().text == "b"
    out = StringIO()
    call_command("dumpdata", "plainapp.ledger", stdout=out)
    assert '"text": "b"' in out.getvalue()
    sound(Ledger)


def test_what_a_transaction_takes_back_is_not_in_the_root() -> None:
    """After a rollback the process's memory of its lane is worth nothing."""
    Ledger.objects.create(text="kept")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Ledger.objects.create(text="lost")
        raise ZeroDivisionError
    Ledger.objects.create(text="kept too")
    sound(Ledger)


def test_deferred_fields_are_loaded_where_they_are_sealed() -> None:
    """Loading less does not read past the seal, nor cost a query a row."""
    made = Permit.objects.create(plate="p", remark="r")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert [one.plate for one in Permit.objects.only("remark")] == ["p"]
        assert [one.plate for one in Permit.objects.defer("plate", "remark")] == ["p"]
    assert len(queries) == 2
    made.refresh_from_db(fields=["plate"])
    plain: Any = models.QuerySet(Permit).only("remark").get()
    assert plain.remark == "r"
    plain.save(update_fields=["remark"])
    plain.plate = "q"
    plain.save()
    sound(Permit)


IGNORING: dict[str, Any] = {"ignore_conflicts": True}
REPLACING: dict[str, Any] = {"update_conflicts": True, "update_fields": ["text"]}


@pytest.mark.parametrize("kind", [IGNORING, REPLACING])
def test_statements_that_decide_by_conflicts_are_refused(kind) -> None:
    """Nobody could tell which rows they write."""
    if "update_fields" in kind and connection.vendor != "mysql":
        kind = {**kind, "unique_fields": ["id"]}
    with pytest.raises(SealedWriteRefused) as caught, transaction.atomic():
        Ledger.objects.bulk_create([Ledger(pk=1)], **kind)
    assert caught.value.reason == "conflicts"


def test_expressions_and_seals_are_not_saved() -> None:
    """A saved instance holds values; a seal is nobody's to write."""
    made = Ledger.objects.create(number=1)
    made.number = F("number") + 1
    for write in (
        made.save,
        lambda: Ledger(number=Value(3)).save(),
        lambda: Ledger.objects.update(seal=b"x"),
        lambda: Ledger.objects.update(number=Ledger.objects.values("number")[:1]),
    ):
        with pytest.raises(SealedWriteRefused), transaction.atomic():
            write()
    sound(Ledger)


@pytest.mark.parametrize("model", [Ledger, Stamp])
def test_a_save_costs_one_query_more(model) -> None:
    """The root is written with one statement, which also asks and draws."""
    model.objects.create(text="warm")
    with CaptureQueriesContext(connection) as queries:
        made = model.objects.create(text="a")
    most = 3 if connection.vendor == "mysql" and model is Ledger else 2
    assert len(queries) == most, [one["sql"] for one in queries]
    found = model.objects.get(pk=made.pk)
    found.text = "b"
    with CaptureQueriesContext(connection) as queries:
        found.save()
    most = 3 if connection.vendor == "mysql" else 2
    assert len(queries) == most, [one["sql"] for one in queries]
