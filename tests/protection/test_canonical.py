"""A row is sealed as the database will give it back, documents and records too."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DataError, connection
from django.db.models import DecimalField, FloatField

from jtsec.protection import canonical
from jtsec.protection.api import RowAltered
from tests.plainapp import models as plain

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.1", "A6.2")]

Permit = plain.Permit
Statement: Any = plain.Statement  # its parts are not known to the types
NUMBERED: dict[Any, Any] = {2: "b", 10: "a"}
DOCUMENTS: tuple[Any, ...] = (
    NUMBERED,
    {"deep": [{9: 1, 10: 2}]},
    {"x": 1, True: 2, None: 3},
    {"price": Decimal("1.50")},
    {"at": datetime(2026, 1, 1, 8, tzinfo=UTC)},
    {"who": UUID(int=7)},
    {"great": [1e100, 1.5e22, 1.0, 1e-7, -0.0]},
)


@pytest.fixture(autouse=True)
def encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let documents hold what Django's own encoder knows."""
    monkeypatch.setattr(Permit._meta.get_field("facts"), "encoder", DjangoJSONEncoder)


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_a_document_is_sealed_as_json_gives_it_back(document: Any) -> None:
    """Keys that are numbers, moments, decimals: texts when they are read again."""
    made = Permit.objects.create(plate="a", facts=document)
    found = Permit.objects.get(pk=made.pk)
    made.facts = document
    made.save()
    assert Permit.objects.get(pk=made.pk).facts == found.facts


def test_a_nought_has_no_sign() -> None:
    """No database keeps it, in a column of numbers."""
    for vendor in ("sqlite", "postgresql", "mysql"):
        read = canonical.as_read(FloatField(), -0.0, vendor)
        assert str(read) == "0.0"


def test_a_decimal_that_sqlite_would_round_is_refused() -> None:
    """It would come back as another number, and the row would look altered."""
    field: Any = DecimalField(max_digits=20, decimal_places=4)
    given, kept = "999999999999.9999", "99999999999.9999"
    assert canonical.as_read(field, kept, "sqlite") == Decimal(kept)
    assert canonical.as_read(field, given, "postgresql") == Decimal(given)
    with pytest.raises(DataError, match="15 digits"):
        canonical.as_read(field, given, "sqlite")


def test_sealed_as_it_was_given_it_would_look_altered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the reading left out, nobody could load the row any more."""
    monkeypatch.setattr(canonical, "_document_as_read", lambda field, value, _: value)
    Permit.objects.create(plate="a", facts=NUMBERED)
    with pytest.raises(RowAltered):
        Permit.objects.get()


def test_a_sealed_record_is_saved_and_deleted() -> None:
    """Its parts are under the seal, whichever way the row is read."""
    made = Statement.objects.create(text="a", facts=NUMBERED)
    found = Statement.objects.get()
    found.text = "b"
    found.save()
    assert Statement.objects.update(note="seen") == 1
    assert Statement.objects.get().text == "b"
    assert Statement.objects.filter(pk=made.pk).delete()[0] == 1


def test_an_older_record_of_the_row_is_not_put_back() -> None:
    """It opens, for it was this row's; the seal tells that it is so no more."""
    made = Statement.objects.create(text="a")
    with connection.cursor() as cursor:
        cursor.execute("SELECT details FROM plainapp_statement")
        (older,) = cursor.fetchone()
        made.text = "b"
        made.save()
        cursor.execute("UPDATE plainapp_statement SET details = %s", [bytes(older)])
    with pytest.raises(RowAltered):
        Statement.objects.get()


def test_with_nothing_of_a_record_under_the_seal_it_could_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the protection removed, a statement that was taken back is the row's."""
    monkeypatch.setattr(canonical, "Record", type("Nothing", (), {}))
    monkeypatch.setattr(canonical, "StoredRecord", type("Nothing", (), {}))
    monkeypatch.setattr(
        "jtsec.fields.record.parts.StoredRecord.__repr__",
        lambda self: "<Record of plainapp.statement.details>",
    )
    test_a_sealed_record_is_saved_and_deleted()
    with pytest.raises(pytest.fail.Exception):
        test_an_older_record_of_the_row_is_not_put_back()
