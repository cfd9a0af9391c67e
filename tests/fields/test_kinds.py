"""Every encrypted kind stores, gives back, finds and refuses what it should."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from django import forms
from django.contrib.admin import AdminSite, ModelAdmin
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import DataError, IntegrityError, connection, models
from django.db.migrations.state import ModelState, StateApps
from django.db.models import F
from django.forms import modelform_factory
from django.test import RequestFactory, override_settings

from jtsec.audit.coverage.columns import columns_of
from jtsec.core.exceptions import CannotVerify, InputError
from jtsec.fields import (
    EncryptedBinaryField,
    EncryptedDateField,
    EncryptedDateTimeField,
    EncryptedField,
    EncryptedIntegerField,
    EncryptedJSONField,
    EncryptedTextField,
    index_field,
)
from jtsec.fields.blind_index import BlindIndex
from jtsec.fields.exceptions import FieldAltered, FieldMistaken, FieldUnreadable
from jtsec.fields.filling import fill_index
from jtsec.keys.key import Purpose
from tests import keyring
from tests.fields.stored import column, put, refused
from tests.plainapp.models import Dossier, Driver

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 3, 1, 16, 30, 5, 7, tzinfo=UTC)
VALUES: dict[str, Any] = {
    "text": "第一行\n第二行 é",
    "number": -(2**63),
    "amount": Decimal("123456.70"),
    "born": date(1, 1, 1),
    "seen": MOMENT,
    "facts": {"乙": [1, 2.5, None, True], "a": {"": "x"}},
    "scan": bytes(range(256)),
}
OTHERS: dict[str, Any] = {
    "text": "",
    "number": 0,
    "amount": Decimal("-0.01"),
    "born": date(2026, 12, 31),
    "seen": MOMENT + timedelta(microseconds=1),
    "facts": [],
    "scan": b"",
}
NAMES = list(VALUES)
SEARCHED = [name for name in NAMES if name != "facts"]
each = pytest.mark.parametrize("name", NAMES)
each_searched = pytest.mark.parametrize("name", SEARCHED)


def field_of(name: str) -> Any:
    """Return a field of the model."""
    return Dossier._meta.get_field(name)


def found(**conditions: Any) -> list[int]:
    """Return the keys of the rows found."""
    rows = Dossier.objects.filter(**conditions).order_by("pk")
    return list(rows.values_list("pk", flat=True))


@pytest.mark.clause("A6.3")
@each
def test_a_value_comes_back_as_it_was_and_the_table_does_not_show_it(name):
    """Type and value are kept, by every way of reading; the column is ciphertext."""
    for value in (VALUES[name], OTHERS[name]):
        row = Dossier.objects.create(**{name: value})
        read = getattr(Dossier.objects.get(pk=row.pk), name)
        assert (type(read), read) == (type(value), value)
        assert Dossier.objects.filter(pk=row.pk).values(name)[0] == {name: value}
        again = Dossier.objects.annotate(again=F(name)).get(pk=row.pk)
        assert again.again == value
        stored = column(Dossier, row.pk, name) or b""
        assert stored.startswith(b"\xb1\x01\x07field-1")
        data = field_of(name).to_data(value)
        assert len(data) < 3 or data not in stored
        assert len(stored) == 10 + 12 + len(data) + 16


@each
def test_nothing_is_null(name):
    """None is NULL, in a row, an update and a bulk update; and can be asked for."""
    row = Dossier.objects.create(**{name: None})
    assert column(Dossier, row.pk, name) is None
    assert getattr(Dossier.objects.get(), name) is None
    Dossier.objects.update(**{name: VALUES[name]})
    assert found(**{f"{name}__isnull": False}) == [row.pk]
    Dossier.objects.update(**{name: None})
    assert found(**{f"{name}__isnull": True}) == [row.pk]
    setattr(row, name, None)
    Dossier.objects.bulk_update([row], [name])
    assert column(Dossier, row.pk, name) is None


@pytest.mark.clause("A6.3")
@each
def test_a_value_of_every_other_column_is_refused(name):
    """Pasted in by SQL, it neither opens nor is taken for a value of this kind."""
    source = Dossier.objects.create(**OTHERS)  # short, so that each fits everywhere
    target = Dossier.objects.create()
    for other in NAMES:
        if other == name:
            continue
        put(Dossier, target.pk, name, column(Dossier, source.pk, other))
        with pytest.raises(FieldAltered, match=f"plainapp.dossier.{name}"):
            Dossier.objects.get(pk=target.pk)


@pytest.mark.clause("A6.3")
@each
def test_an_altered_value_is_refused(name):
    """Whichever kind: a changed bit, a cut, and plain bytes are no value."""
    row = Dossier.objects.create(**{name: VALUES[name]})
    stored = column(Dossier, row.pk, name) or b""
    plain = field_of(name).to_data(VALUES[name])
    flipped = stored[:-1] + bytes([stored[-1] ^ 1])
    for forged in (flipped, stored[:-1], stored[:20], b"", plain):
        put(Dossier, row.pk, name, forged)
        with pytest.raises(FieldAltered):
            Dossier.objects.get(pk=row.pk)


@pytest.mark.clause("A6.3")
@each
def test_a_value_of_another_model_is_refused(name):
    """The label names the model too."""
    driver = Driver.objects.create(name="a", phone="1")
    row = Dossier.objects.create()
    put(Dossier, row.pk, name, column(Driver, driver.pk, "phone"))
    with pytest.raises(FieldAltered, match=f"plainapp.dossier.{name}"):
        Dossier.objects.get(pk=row.pk)


@pytest.mark.clause("A6.3")
@each
def test_a_wrong_key_and_a_missing_one_read_nothing(name, other_ring):
    """The one is verified false, the other cannot be verified; the row stays."""
    row = Dossier.objects.create(**{name: VALUES[name]})
    before = column(Dossier, row.pk, name)
    ring = keyring.known_ring()
    other_ring(*keyring.known_ring("thief"))
    with pytest.raises(FieldAltered):
        Dossier.objects.get()
    kept = [key for key in ring if key.purpose is not Purpose.FIELD]
    other_ring(*kept, keyring.known_key(Purpose.FIELD, 2))
    with pytest.raises(FieldUnreadable):
        Dossier.objects.get()
    assert column(Dossier, row.pk, name) == before
    other_ring(*ring)
    assert getattr(Dossier.objects.get(), name) == VALUES[name]


@pytest.mark.parametrize("name", ["number", "amount", "born", "seen", "facts"])
def test_a_value_of_another_kind_is_not_misread(name, monkeypatch):
    """Where the kind of a field was changed without converting, reading says so."""
    row = Dossier.objects.create(text="20260101T00")
    put(Dossier, row.pk, name, column(Dossier, row.pk, "text"))
    monkeypatch.setattr(field_of(name), "label", field_of("text").label)
    with pytest.raises(FieldMistaken) as caught:
        Dossier.objects.get(pk=row.pk)
    assert isinstance(caught.value, CannotVerify)
    assert "20260101" not in repr(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.clause("A6.3")
@pytest.mark.parametrize("name", [one for one in NAMES if one != "scan"])
def test_bytes_are_no_value(name):
    """A ciphertext handed over as bytes is refused by every kind that has values."""
    row = Dossier.objects.create(**{name: VALUES[name]})
    stolen = column(Dossier, row.pk, name)
    for kind in (bytes, bytearray, memoryview):
        with refused(TypeError, match=f"plainapp.dossier.{name}"):
            Dossier.objects.update(**{name: kind(stolen or b"")})
    assert getattr(Dossier.objects.get(), name) == VALUES[name]


@pytest.mark.clause("A6.3")
def test_a_ciphertext_given_as_bytes_is_bytes():
    """A binary field gives back what it was given, and not what that hid."""
    row = Dossier.objects.create(scan=b"secret")
    stolen = column(Dossier, row.pk, "scan")
    thief = Dossier.objects.create(scan=memoryview(stolen or b""))
    assert Dossier.objects.get(pk=thief.pk).scan == stolen


@pytest.mark.clause("A6.3")
@pytest.mark.parametrize("name", ["text", "facts"])
def test_a_form_given_a_ciphertext_stores_text(name):
    """As hexadecimal digits or base64, it stays the text that it is."""
    row = Dossier.objects.create(**{name: "secret"})
    pasted = (column(Dossier, row.pk, name) or b"").hex()
    given = f'"{pasted}"' if name == "facts" else pasted
    form = modelform_factory(Dossier, fields=[name])({name: given})
    assert form.is_valid()
    assert getattr(Dossier.objects.get(pk=form.save().pk), name) == pasted


@pytest.mark.parametrize("name", ["number", "amount", "born", "seen"])
def test_a_form_refuses_a_ciphertext_where_no_text_belongs(name):
    """No kind reads it."""
    row = Dossier.objects.create(**{name: VALUES[name]})
    pasted = (column(Dossier, row.pk, name) or b"").hex()
    form = modelform_factory(Dossier, fields=[name])({name: pasted})
    assert list(form.errors) == [name]
    with pytest.raises(ValidationError):
        field_of(name).to_python(pasted)


@pytest.mark.clause("A6.3")
@each_searched
def test_equality_is_found_by_the_index(name):
    """exact and in, and only the row with that value."""
    one = Dossier.objects.create(**{name: VALUES[name]}).pk
    two = Dossier.objects.create(**{name: OTHERS[name]}).pk
    Dossier.objects.create()
    assert found(**{name: VALUES[name]}) == [one]
    assert found(**{f"{name}__in": [VALUES[name], OTHERS[name], None]}) == [one, two]
    assert Dossier.objects.exclude(**{name: VALUES[name]}).count() == 2
    indexes = {column(Dossier, pk, f"{name}_index") for pk in (one, two)}
    assert len(indexes) == 2
    assert all(index and index.startswith(b"\x01\x07index-1") for index in indexes)


def test_equal_is_what_the_kind_calls_equal():
    """1.5 is 1.50, noon here is the same moment there, é is e with an accent."""
    row = Dossier.objects.create(
        text="e\u0301", amount=Decimal("1.5"), seen=MOMENT, number=7, born="2026-01-02"
    )
    here = MOMENT.astimezone(timezone(timedelta(hours=8)))
    for conditions in (
        {"text": "\u00e9"},
        {"amount": "1.500"},
        {"amount": 1.5},
        {"seen": here},
        {"seen": "2026-03-02T00:30:05.000007+08:00"},
        {"number": "7"},
        {"born": date(2026, 1, 2)},
    ):
        assert found(**conditions) == [row.pk], conditions
    assert found(amount=Decimal("1.501")) == []
    assert found(number=2**70) == []


def test_zero_and_hundreds_have_one_index():
    """Noughts are cut behind the point only, and minus nought is nought."""
    for value in ("0", "-0.00", "100"):
        Dossier.objects.create(amount=Decimal(value))
    assert len(found(amount=0)) == 2
    assert len(found(amount=100)) == 1
    assert found(amount=1) == []


@pytest.mark.parametrize("text", ["1E+999999999999", "-1E-999999999999", "0E+99999999"])
def test_a_number_that_fits_no_column_is_not_written_out(text):
    """A visitor's search would fill the memory with its noughts."""
    Dossier.objects.create(amount=Decimal(1))
    assert found(amount=text) == []
    assert found(amount__in=[text, "1"]) != []


def test_a_decimal_is_rounded_before_it_is_indexed():
    """Column and index agree on what is stored."""
    row = Dossier.objects.create(amount=Decimal(10) / 3)
    assert Dossier.objects.get().amount == Decimal("3.33")
    assert found(amount="3.33") == [row.pk]
    assert found(amount=Decimal(10) / 3) == []


@each_searched
def test_the_index_follows_on_every_way_of_writing(name):
    """save, update and bulk_update."""
    old, new = VALUES[name], OTHERS[name]
    row = Dossier.objects.create(**{name: old})
    for before, after, write in (
        (old, new, lambda: row.save(update_fields=[name])),
        (new, old, lambda: Dossier.objects.update(**{name: getattr(row, name)})),
        (old, new, lambda: Dossier.objects.bulk_update([row], [name])),
    ):
        setattr(row, name, after)
        write()
        assert found(**{name: after}) == [row.pk]
        assert found(**{name: before}) == []


@each_searched
def test_an_index_under_the_wrong_data_is_seen(name, monkeypatch):
    """With the kind's data removed from the index, the tests above would fail."""
    monkeypatch.setattr(
        index_field, "index_of", lambda label, data: BlindIndex(b"same")
    )
    writes: list[Any] = [{name: VALUES[name]}]
    if name == "number":
        Dossier.objects.create(number=1)
        with refused(IntegrityError):
            Dossier.objects.create(**writes[0])
        return
    Dossier.objects.create(**writes[0])
    assert found(**writes[0]) == []


def test_a_document_has_no_equality():
    """Whole or in part, it is not searched; a sentence says so."""
    with pytest.raises(FieldError, match="cannot be searched"):
        Dossier.objects.filter(facts={"a": 1})
    for lookup in ("facts__a", "facts__a__b", "facts__contains", "facts__has_key"):
        with pytest.raises(FieldError):
            Dossier.objects.filter(**{lookup: 1})
    with pytest.raises(FieldError):
        list(Dossier.objects.values("facts__a"))


@pytest.mark.parametrize(
    ("name", "lookup"),
    [
        ("number", "gt"),
        ("number", "lte"),
        ("amount", "range"),
        ("born", "year"),
        ("born", "gte"),
        ("seen", "date"),
        ("seen", "lt"),
        ("text", "contains"),
        ("scan", "startswith"),
    ],
)
def test_order_and_parts_are_refused(name, lookup):
    """What only a value could answer is no empty answer."""
    with pytest.raises(FieldError):
        Dossier.objects.filter(**{f"{name}__{lookup}": VALUES[name]})


def test_uniqueness_holds_for_numbers_too():
    """The constraint and the form say so."""
    Dossier.objects.create(number=7)
    with refused(IntegrityError):
        Dossier.objects.create(number=7)
    form = modelform_factory(Dossier, fields=["number"])({"number": "7"})
    assert list(form.errors) == ["number"]


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("number", 2**63, DataError),
        ("number", "abc", ValueError),
        ("amount", Decimal("1000000"), DataError),
        ("amount", Decimal("Infinity"), (DataError, ValidationError)),
        ("amount", Decimal("NaN"), (DataError, ValidationError)),
        ("amount", "1,5", ValidationError),
        ("born", "2026-02-30", ValidationError),
        ("seen", "yesterday", ValidationError),
        (
            "seen",
            datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8))),
            DataError,
        ),
        ("facts", {"a": float("nan")}, InputError),
        ("facts", {"a": {1, 2}}, InputError),
        ("facts", "\ud800", InputError),
        ("scan", "text", TypeError),
    ],
    ids=str,
)
def test_what_is_no_value_is_refused_and_changes_nothing(name, value, error):
    """A typed error, and the old value stays."""
    Dossier.objects.create(**{name: VALUES[name]})
    with refused(*(error if isinstance(error, tuple) else [error])):
        Dossier.objects.update(**{name: value})
    assert getattr(Dossier.objects.get(), name) == VALUES[name]


def test_a_length_counts_characters_and_bytes():
    """max_length holds for texts and bytes alike."""
    values: dict[str, Any] = {"text": "长长长", "scan": b"abc"}
    for name, given in values.items():
        field = field_of(name).clone()
        field.max_length, field.label = 3, "a.b.c"
        assert field.as_stored(given) == given
        with pytest.raises(DataError, match="longer than 3"):
            field.as_stored(given + given)


@pytest.mark.clause("A6.3")
def test_without_time_zones_a_wall_clock_is_kept():
    """USE_TZ may be switched over: what is stored stays the same moment."""
    wall = datetime.fromisoformat("2026-07-01T12:00:00")
    aware = Dossier.objects.create(seen=MOMENT)
    with override_settings(USE_TZ=False):
        naive = Dossier.objects.create(seen=wall)
        assert Dossier.objects.get(pk=naive.pk).seen == wall
        here = Dossier.objects.get(pk=aware.pk).seen
        assert here == datetime.fromisoformat("2026-03-02T00:30:05.000007")
        assert found(seen=wall) == [naive.pk]
    read: Any = Dossier.objects.get(pk=naive.pk).seen
    assert read == datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
    assert found(seen=read) == [naive.pk]


def test_forms_are_those_of_the_plain_kinds():
    """Every kind has its own form field, and no companion is in a form."""
    fields = modelform_factory(Dossier, fields="__all__")().fields
    expected = {
        "text": forms.CharField,
        "number": forms.IntegerField,
        "amount": forms.DecimalField,
        "born": forms.DateField,
        "seen": forms.DateTimeField,
        "facts": forms.JSONField,
    }
    assert {name: type(fields[name]) for name in expected} == expected
    assert isinstance(fields["text"].widget, forms.Textarea)
    assert not [name for name in fields if name.endswith("_index")]


@pytest.mark.parametrize(
    ("name", "given"), [("number", str(2**63)), ("amount", "1.234"), ("facts", "{")]
)
def test_a_form_refuses_what_the_column_would(name, given):
    """Bounds and places are checked before the database is asked."""
    form = modelform_factory(Dossier, fields=[name])({name: given})
    assert list(form.errors) == [name]


def test_the_admin_saves_and_shows_every_kind():
    """Its form writes the values, and its list shows them."""
    site = ModelAdmin(Dossier, AdminSite())
    request = RequestFactory().get("/")
    form_class = site.get_form(request, fields=[one for one in NAMES if one != "scan"])
    form = form_class(
        {
            "text": "x",
            "number": "5",
            "amount": "1.5",
            "born": "2026-01-02",
            "seen_0": "2026-03-02",
            "seen_1": "00:30:05",
            "facts": '{"a": 1}',
        }
    )
    assert form.is_valid(), form.errors
    row = Dossier.objects.get(pk=form.save().pk)
    assert (row.number, row.amount, row.facts) == (5, Decimal("1.50"), {"a": 1})
    assert row.seen == MOMENT.replace(microsecond=0)


def test_serializers_are_those_of_the_plain_kinds():
    """REST reads and writes every kind, and never the companion."""
    rest: Any = pytest.importorskip("rest_framework.serializers")

    class DossierSerializer(rest.ModelSerializer):  # type: ignore[misc]  # optional
        class Meta:
            model = Dossier
            exclude = ("scan",)

    given = DossierSerializer(
        data={
            "text": "x",
            "number": 5,
            "amount": "1.50",
            "born": "2026-01-02",
            "seen": "2026-03-01T16:30:05.000007Z",
            "facts": {"a": [1]},
        }
    )
    assert given.is_valid(), given.errors
    row = given.save()
    shown = DossierSerializer(Dossier.objects.get(pk=row.pk)).data
    assert shown["amount"] == "1.50"
    assert shown["facts"] == {"a": [1]}
    assert not [name for name in shown if name.endswith("_index")]
    assert not DossierSerializer(data={"number": 2**63}).is_valid()


@pytest.mark.parametrize("form", ["json", "python"])
def test_a_fixture_carries_every_kind(form):
    """dumpdata and loaddata: values and indexes come back."""
    values = VALUES | {"seen": MOMENT.replace(microsecond=0)}
    Dossier.objects.create(**values)
    data = serializers.serialize(form, Dossier.objects.all())
    Dossier.objects.all().delete()
    for one in serializers.deserialize(form, data):
        one.save()
    row = Dossier.objects.get()
    assert {name: getattr(row, name) for name in NAMES} == values
    for name in SEARCHED:
        assert found(**{name: values[name]}) == [row.pk]


@each
def test_a_migration_leads_back_to_the_same_field(name):
    """Its path is the lasting one, and the historical model reads and writes."""
    field = field_of(name)
    _, path, args, kwargs = field.deconstruct()
    assert path == f"jtsec.fields.{type(field).__name__}"
    assert type(field)(*args, **kwargs).deconstruct()[1:] == (path, args, kwargs)
    assert isinstance(field, EncryptedField)
    state = StateApps([], {})
    state.render_multiple([ModelState.from_model(Dossier)])
    old = state.get_model("plainapp", "Dossier")
    row = old._default_manager.create(**{name: VALUES[name]})
    assert getattr(Dossier.objects.get(pk=row.pk), name) == VALUES[name]


@each
def test_every_column_is_bytes(name):
    """On MySQL as long as its kind needs, elsewhere without a length."""
    kind = str(field_of(name).db_type(connection))
    assert kind.startswith(
        {"sqlite": "BLOB", "postgresql": "bytea"}.get(
            connection.vendor, ("varbinary", "longblob")
        )
    )


@each_searched
def test_rows_from_before_get_their_index(name):
    """fill_index knows every kind."""
    row = Dossier.objects.create(**{name: VALUES[name]})
    put(Dossier, row.pk, f"{name}_index", None)
    assert fill_index(Dossier, name) == 1
    assert found(**{name: VALUES[name]}) == [row.pk]


@pytest.mark.clause("A6.3")
def test_an_event_holds_every_kind_encrypted():
    """What the table does not show, the log of changes does not show either."""
    columns = {one.name: one for one in columns_of(Dossier, None, (), ())}
    assert all(columns[name].is_sensitive for name in NAMES)
    assert not columns["count"].is_sensitive
    assert not [name for name in columns if name.endswith("_index")]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (EncryptedTextField(blank=True), ""),
        (EncryptedBinaryField(blank=True), b""),
        (EncryptedIntegerField(default=7), 7),
        (EncryptedJSONField(default=dict), {}),
        (EncryptedDateField(auto_now_add=True), date),
        (EncryptedDateTimeField(null=True), None),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_column_that_is_added_gets_its_default_encrypted(field, expected):
    """AddField on a table with rows: the schema editor's own defaults are values."""
    field = field.clone()
    field.set_attributes_from_name("added")
    field.label = "plainapp.dossier.added"
    editor: Any = connection.schema_editor()
    stored = editor.effective_default(field)
    stored = getattr(stored, "obj", stored)  # PostgreSQL's driver wraps bytes
    if stored is not None:
        assert bytes(stored).startswith(b"\xb1\x01")
    read = field.from_db_value(stored, None, connection)
    assert isinstance(read, date) if expected is date else read == expected


def test_a_base_alone_is_no_kind():
    """EncryptedField has no bytes of its own."""
    field = EncryptedField()
    field.set_attributes_from_name("a")
    for verb in (field.to_data, field.from_data):
        with pytest.raises(TypeError, match="no kind"):
            verb(b"")
    assert issubclass(type(field), models.Field)
