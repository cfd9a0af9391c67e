"""A record keeps several fields of a row in one envelope, for that row alone."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps

from jtsec.core.exceptions import InputError
from jtsec.fields import EncryptedCharField, EncryptedRecordField
from jtsec.fields.exceptions import FieldAltered, FieldMistaken, FieldUnreadable
from tests import keyring
from tests.plainapp import models as plainapp

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.3")]
Informant: Any = plainapp.Informant
GIVEN: dict[str, Any] = {
    "name": "张三",
    "phone": "13912345678",
    "born": date(1990, 3, 7),
    "met": datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
    "reward": Decimal("12.50"),
    "trusted": True,
    "notes": [{"a": 1}, None],
}


def stored(row: Any) -> bytes:
    """Return what the table holds."""
    with connection.cursor() as cursor:
        pk = row._meta.pk.get_db_prep_value(row.pk, connection)
        cursor.execute("SELECT details FROM plainapp_informant WHERE uid = %s", [pk])
        return bytes(cursor.fetchone()[0])


def put(row: Any, blob: bytes | None) -> None:
    """Write to the table, past the ORM."""
    with connection.cursor() as cursor:
        pk = row._meta.pk.get_db_prep_value(row.pk, connection)
        cursor.execute(
            "UPDATE plainapp_informant SET details = %s WHERE uid = %s", [blob, pk]
        )


@pytest.fixture
def row() -> Any:
    """Return somebody as the database gives them back."""
    return Informant.objects.get(pk=Informant.objects.create(**GIVEN).pk)


def test_every_part_comes_back_as_it_was(row):
    """Of its own kind; nothing of it stands in the table."""
    assert {name: getattr(row, name) for name in GIVEN} == GIVEN
    assert stored(row).startswith(b"\xb1\x01\x07field-1")
    for text in ("张三".encode(), b"13912345678", b"1990"):
        assert text not in stored(row)


def test_parts_have_their_defaults():
    """Also those that were added to the declaration later."""
    row = Informant.objects.get(pk=Informant.objects.create(name="x").pk)
    assert (row.phone, row.born, row.trusted, row.notes) == ("", None, False, [])
    row.notes.append("new")
    row.save()
    assert Informant.objects.get().notes == ["new"]


WAYS = {
    "save": lambda row: row.save(),
    "save of the record": lambda row: row.save(update_fields=["details"]),
    "bulk_update": lambda row: Informant.objects.bulk_update([row], ["details"]),
    "update_or_create": lambda row: Informant.objects.update_or_create(
        pk=row.pk, defaults={"phone": row.phone}
    ),
    "upsert": lambda row: Informant.objects.bulk_create(
        [row],
        update_conflicts=True,
        update_fields=["details"],
        unique_fields=None if connection.vendor == "mysql" else ["uid"],
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_part_is_written_on_every_way(row, way):
    """And the others stay as they were."""
    row.phone = "15000000000"
    WAYS[way](row)
    again = Informant.objects.get(pk=row.pk)
    assert again.phone == "15000000000"
    assert again.notes == GIVEN["notes"]


def test_new_rows_are_sealed_each_for_itself():
    """Also many at once, or by `get_or_create`."""
    Informant.objects.bulk_create(Informant(name=str(one)) for one in range(3))
    Informant.objects.get_or_create(area="x", defaults={"name": "3"})
    assert {row.name for row in Informant.objects.all()} == {"0", "1", "2", "3"}


def test_a_record_of_another_row_is_refused(row):
    """Whatever is asked of it, and it is not written back."""
    other = Informant.objects.create(name="李四")
    put(row, stored(other))
    found = Informant.objects.get(pk=row.pk)
    for ask in (
        lambda: found.name,
        found.save,
        lambda: found.save(update_fields=["details"]),
        lambda: Informant.objects.bulk_update([found], ["details"]),
        lambda: serializers.serialize("json", [found]),
        found.full_clean,
    ):
        with (
            pytest.raises(FieldAltered, match=r"plainapp\.informant\.details"),
            transaction.atomic(),
        ):
            ask()
    assert stored(row) == stored(other)
    assert "李" not in repr(Informant.objects.values_list("details").get(pk=row.pk))


def test_without_the_look_at_the_row_it_would_open(row, monkeypatch):
    """It is the name of the row in the envelope that tells them apart."""
    put(row, stored(Informant.objects.create(name="李四")))
    own = Informant._meta.get_field("details")
    found = Informant.objects.get(pk=row.pk)
    monkeypatch.setattr(own, "identity_of", lambda row: found.details.stored.row)
    assert found.name == "李四"


def test_an_altered_record_is_refused(row, other_ring):
    """As every encrypted value is: altered, of another key, missing its key."""
    blob = stored(row)
    put(row, blob[:-1] + bytes((blob[-1] ^ 1,)))
    with pytest.raises(FieldAltered):
        Informant.objects.get(pk=row.pk)
    put(row, blob)
    other_ring(*keyring.known_ring("other"))
    with pytest.raises(FieldAltered):
        Informant.objects.get(pk=row.pk)
    other_ring(*(key for key in keyring.known_ring() if key.id != "field-1"))
    with pytest.raises(FieldUnreadable):
        Informant.objects.get(pk=row.pk)


def test_a_value_of_another_kind_is_said_to_be_one(row):
    """What is whole, but no record, or no date."""
    from jtsec.fields import sealing

    label = "plainapp.informant.details"
    for data in (b"[]", b"x", b'{"row":"","parts":{}}', b'{"row":1,"parts":{}}'):
        put(row, sealing.seal(label, data))
        with pytest.raises(FieldMistaken):
            Informant.objects.get(pk=row.pk)
    text = f'{{"row":"{row.pk}","parts":{{"name":"x","born":"soon"}}}}'
    put(row, sealing.seal(label, text.encode()))
    found = Informant.objects.get(pk=row.pk)
    assert found.name == "x"
    with pytest.raises(FieldMistaken, match="born"):
        found.born  # noqa: B018 - reading it is what is tested


def test_what_a_former_declaration_left_is_kept(row):
    """A part that is no longer declared is not lost by a save."""
    from jtsec.fields import sealing

    label = "plainapp.informant.details"
    text = f'{{"row":"{row.pk}","parts":{{"name":"x","former":"kept"}}}}'
    put(row, sealing.seal(label, text.encode()))
    found = Informant.objects.get(pk=row.pk)
    found.name = "y"
    found.save()
    assert b'"former":"kept"' in sealing.open_sealed(label, stored(row), bytes)


@pytest.mark.parametrize(
    "ask",
    [
        lambda row: Informant.objects.update(details=row.details),
        lambda row: Informant.objects.update(details=models.F("area")),
        lambda row: Informant.objects.update(area=models.F("details")),
        lambda row: list(Informant.objects.filter(details=row.details)),
        lambda row: list(Informant.objects.filter(name="张三")),
        lambda row: list(Informant.objects.filter(details__contains="x")),
    ],
)
def test_what_only_a_row_can_be_asked_is_refused(row, ask):
    """A statement over many rows can neither write nor search a record."""
    before = stored(row)
    with pytest.raises(FieldError), transaction.atomic():
        ask(row)
    assert stored(row) == before


def test_the_record_itself_is_set_by_its_parts(row):
    """Not by bytes, nor by a mapping."""
    for value in (b"\xb1\x01", {"name": "x"}, "x"):
        with pytest.raises(TypeError, match="parts"):
            row.details = value
        with pytest.raises(TypeError, match="parts"):
            Informant.objects.update(details=value)


@pytest.mark.parametrize(
    ("part", "value", "error"),
    [
        ("name", "x" * 11, DataError),
        ("name", None, IntegrityError),
        ("born", "soon", ValidationError),
        ("name", "\ud800", InputError),
        ("notes", [float("nan")], DataError),
    ],
)
def test_a_value_that_does_not_fit_is_not_written(row, part, value, error):
    """As the database would refuse it in a column."""
    setattr(row, part, value)
    with pytest.raises(error), transaction.atomic():
        row.save()
    assert getattr(Informant.objects.get(), part) == GIVEN[part]


def test_validation_names_each_part(row):
    """`full_clean` looks at all of them, and brings values into their kind."""
    row.name, row.born, row.phone = "x" * 11, "1990-13-01", ""
    with pytest.raises(ValidationError) as raised:
        row.full_clean()
    messages = raised.value.message_dict["details"]
    assert [text.split(":")[0] for text in messages] == ["name", "born"]
    row.name, row.born = "李四", "1990-12-01"
    row.full_clean()
    assert row.born == date(1990, 12, 1)


def test_copies_of_a_row_are_rows_of_their_own(row):
    """Shallow, deep and pickled; a change of one is none of the other."""
    for made in (copy.copy(row), copy.deepcopy(row), pickle.loads(pickle.dumps(row))):
        made.phone = "1"
        made.pk = uuid4()
        made._state.adding = True
        made.save()
        assert Informant.objects.get(pk=made.pk).phone == "1"
        assert Informant.objects.get(pk=made.pk).name == "张三"
        assert row.phone == GIVEN["phone"]
        made.phone = "2"
        Informant.objects.bulk_update([made], ["details"])
        assert Informant.objects.get(pk=made.pk).phone == "2"


def test_a_deferred_record_is_read_when_it_is_asked_for(row):
    """And not written when it was not."""
    found = Informant.objects.defer("details").get(pk=row.pk)
    found.area = "x"
    found.save()
    assert stored(found) == stored(row)
    assert found.name == "张三"
    row.phone = "1"
    row.refresh_from_db()
    assert row.phone == GIVEN["phone"]


def test_a_row_without_its_name_is_not_saved():
    """Nothing could say later that the record is its own."""
    with pytest.raises(InputError, match="uid"):
        Informant(pk=None, name="x").details.field.identity_of(Informant(pk=None))


def test_a_missing_record_is_not_taken_for_an_empty_one(row):
    """The column is not null: a record that was taken away is no record."""
    with pytest.raises(IntegrityError), transaction.atomic():
        put(row, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Informant.objects.update(details=None)


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_fixtures_hold_the_parts_in_clear(row, form):
    """And are read back, bound to their row again."""
    text = serializers.serialize(form, [row])
    Informant.objects.all().delete()
    for one in serializers.deserialize(form, text):
        one.save()
    again = Informant.objects.get(pk=row.pk)
    assert {name: getattr(again, name) for name in GIVEN} == GIVEN


def test_a_migration_writes_the_parts_down():
    """A change of them needs no statement; a historical row has them too."""
    field = Informant._meta.get_field("details")
    text, _ = MigrationWriter.serialize(field)
    assert text.startswith("jtsec.fields.EncryptedRecordField(bound_to='uid'")
    assert "'born': models.DateField(blank=True, null=True)" in text
    clone: Any = field.clone()
    assert list(clone.parts) == list(GIVEN)
    state = ProjectState()
    state.add_model(ModelState.from_model(Informant))
    detector: Any = MigrationAutodetector(state, state.clone())
    assert detector._detect_changes() == {}
    old = state.apps.get_model("plainapp", "informant")
    made: Any = old._default_manager.create(uid=uuid4(), name="旧")
    assert Informant.objects.get(pk=made.pk).name == "旧"
    less = EncryptedRecordField(bound_to="uid", parts={"name": clone.parts["name"]})
    less.set_attributes_from_name("details")
    editor: Any = connection.SchemaEditorClass(connection)
    assert not editor._field_should_be_altered(field, less, ignore={"name"})


@pytest.mark.parametrize(
    ("row_field", "parts"),
    [
        ("gone", {}),
        ("id", {}),
        ("area", {}),
        ("number", {"area": models.CharField(max_length=3)}),
        ("number", {"x": models.CharField(max_length=3, unique=True)}),
        ("number", {"x": models.CharField(max_length=3, db_index=True)}),
        ("number", {"x": models.ForeignKey("plainapp.driver", models.CASCADE)}),
        ("number", {"x": EncryptedCharField(max_length=3)}),
        ("number", {"x": models.FileField()}),
    ],
)
@isolate_apps("tests.plainapp")
def test_what_cannot_be_a_record_is_an_error(row_field, parts):
    """A row that is not known in time, and parts that would need a column."""

    class Sheet(models.Model):
        area = models.CharField(max_length=3)
        number = models.CharField(max_length=3, unique=True)
        details = EncryptedRecordField(bound_to=row_field, parts=parts)

        class Meta:
            app_label = "plainapp"

    assert [one.id for one in Sheet.check()] == ["jtsec.E115"]


def test_a_sound_declaration_is_silent():
    """The check finds nothing in the model of these tests."""
    assert Informant.check() == []
