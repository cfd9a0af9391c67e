"""Nothing that is pasted where it was not written opens there, whatever its kind."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from django.db import connection

from jtsec.fields import EncryptedField, EncryptedRecordField
from jtsec.fields.exceptions import FieldAltered, FieldUnreadable
from tests import keyring
from tests.plainapp.models import Dossier, Driver, Informant, Vehicle, Witness

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.3")]

VALUES: dict[str, Any] = {
    "text": "文",
    "number": 7,
    "amount": Decimal("1.50"),
    "born": date(1990, 3, 7),
    "seen": datetime(2026, 1, 2, tzinfo=UTC),
    "facts": {"a": 1},
    "scan": b"\x00\xff",
}


def columns() -> list[Any]:
    """Return the encrypted columns of the tables that `rows` fills."""
    return [
        field
        for model in (Driver, Vehicle, Dossier, Witness, Informant)
        for field in model._meta.local_fields
        if isinstance(field, EncryptedField)
    ]


@pytest.fixture
def rows() -> dict[Any, Any]:
    """Return one row of each table, every encrypted column filled."""
    driver = Driver.objects.create(name="a", phone="1", address="2", number="3")
    made: list[Any] = [
        driver,
        Vehicle.objects.create(owner=driver, plate="京A1"),
        Dossier.objects.create(**VALUES),
        Witness.objects.create(name="张三", phone="13912345678"),
        Informant.objects.create(**{"name": "李四"}),
    ]
    return {type(row): row for row in made}


def statement(verb: str, field: Any) -> str:
    """Return SQL about one column of the only row, past the ORM."""
    table, column = field.model._meta.db_table, field.column
    if verb == "UPDATE":
        return f"UPDATE {table} SET {column} = %s"
    return f"SELECT {column} FROM {table}"


def stored(field: Any) -> bytes:
    """Return what a column holds."""
    with connection.cursor() as cursor:
        cursor.execute(statement("SELECT", field))
        return bytes(cursor.fetchone()[0])


def paste(blob: bytes, field: Any) -> None:
    """Write to a column."""
    with connection.cursor() as cursor:
        cursor.execute(statement("UPDATE", field), [blob])


def read(field: Any) -> Any:
    """Return what code sees; of a record, each part."""
    row = field.model._base_manager.only("pk", field.name).get()
    if isinstance(field, EncryptedRecordField):
        return [getattr(row, name) for name in field.parts]
    return getattr(row, field.name)


def test_a_value_of_any_column_opens_in_no_other(rows: Any) -> None:
    """Of the same table or of another, of the same kind or of another."""
    found = {field: stored(field) for field in columns()}
    assert len(found) > 12
    for place, own in found.items():
        before = read(place)
        for other, blob in found.items():
            if other is not place:
                paste(blob, place)
                with pytest.raises(FieldAltered):
                    read(place)
        paste(own, place)
        assert read(place) == before


def test_a_value_of_another_database_opens_in_none(rows: Any, other_ring: Any) -> None:
    """Its keys are others, whether they bear the same names or not."""
    for name, error in (("other", FieldAltered), ("", FieldUnreadable)):
        ring = keyring.known_ring(name or "test")
        gone = () if name else ("field-1",)
        other_ring(*(key for key in ring if key.id not in gone))
        for field in columns():
            with pytest.raises(error):
                read(field)


def test_a_record_of_another_row_opens_in_none(rows: Any) -> None:
    """Where a single column would open, a record names its row."""
    place = Informant._meta.get_field("details")
    blob = stored(place)
    Informant.objects.all().delete()
    Informant.objects.create(**{"name": "王五"})
    paste(blob, place)
    with pytest.raises(FieldAltered):
        read(place)
