"""What the encrypted field stores, gives back and refuses."""

from __future__ import annotations

from typing import Any

import pytest

from django.core import serializers
from django.core.exceptions import FieldError
from django.db import DataError, connection, models
from django.db.models import F, Value
from django.db.models.functions import Concat, Lower
from django.forms import CharField as FormField
from django.forms import modelform_factory

from jtsec.core.exceptions import CannotVerify, InputError, VerifiedFalse
from jtsec.fields import EncryptedCharField
from jtsec.fields.exceptions import FieldAltered, FieldUnreadable
from jtsec.keys.key import Purpose, State
from tests import keyring
from tests.fields.stored import column, put, refused
from tests.plainapp.models import Branch, Driver, ListedOffice, Office, Vehicle

pytestmark = pytest.mark.django_db

PHONE = "13912345678"


@pytest.mark.clause("A6.3")
def test_the_column_holds_no_text():
    """What lies in the table names a version and a key, and not the text."""
    driver = Driver.objects.create(name="a", phone=PHONE, address="长安街1号")
    stored = column(Driver, driver.pk, "phone")
    assert stored is not None
    assert stored.startswith(b"\xb1\x01\x07field-1")
    assert PHONE.encode() not in stored
    again = Driver.objects.get(pk=driver.pk)
    assert (again.phone, again.address) == (PHONE, "长安街1号")


def test_equal_texts_have_unequal_ciphertexts():
    """Nobody learns from the table who shares an address."""
    one, two = (Driver.objects.create(name=n, address="same") for n in "ab")
    assert column(Driver, one.pk, "address") != column(Driver, two.pk, "address")


@pytest.mark.parametrize("text", ["", None, "x", "长" * 20, "\U0001f600", " a\t"])
def test_every_text_comes_back_as_it_was(text):
    """Empty and absent stay apart, and nothing is stripped."""
    driver = Driver.objects.create(name="a", phone=text)
    assert Driver.objects.get(pk=driver.pk).phone == text
    assert (column(Driver, driver.pk, "phone") is None) == (text is None)


def test_every_way_of_reading_decrypts():
    """values, values_list, only, defer, iterator, joins, F and raw give text."""
    driver = Driver.objects.create(name="a", phone=PHONE)
    Vehicle.objects.create(owner=driver, plate="京A12345")
    assert list(Driver.objects.values("phone")) == [{"phone": PHONE}]
    assert list(Driver.objects.values_list("phone", flat=True)) == [PHONE]
    assert Driver.objects.only("phone").get().phone == PHONE
    assert Driver.objects.defer("phone").get().phone == PHONE
    assert next(Driver.objects.iterator()).phone == PHONE
    assert list(Vehicle.objects.values_list("owner__phone", flat=True)) == [PHONE]
    assert Vehicle.objects.select_related("owner").get().owner.phone == PHONE
    assert Driver.objects.annotate(p=F("phone")).get().p == PHONE
    table = Driver._meta.db_table
    assert Driver.objects.raw(f"SELECT * FROM {table}")[0].phone == PHONE
    driver.phone = "other"
    driver.refresh_from_db(fields=["phone"])
    assert driver.phone == PHONE


@pytest.mark.clause("A6.3")
@pytest.mark.parametrize("at", [0, 1, 5, 15, 25, -1])
def test_an_altered_ciphertext_is_refused(at):
    """Whichever byte was changed, reading fails and names only the place."""
    driver = Driver.objects.create(name="a", phone=PHONE)
    stored = bytearray(column(Driver, driver.pk, "phone") or b"")
    stored[at] ^= 1
    put(Driver, driver.pk, "phone", bytes(stored))
    with pytest.raises((VerifiedFalse, CannotVerify)) as caught:
        Driver.objects.get(pk=driver.pk)
    assert "plainapp.driver.phone" in str(caught.value)
    assert PHONE not in repr(caught.value)


@pytest.mark.parametrize("cut", [0, 2, 9, 21, 37])
def test_a_truncated_ciphertext_is_refused(cut):
    """A part of a ciphertext is no shorter text."""
    driver = Driver.objects.create(name="a", phone=PHONE)
    stored = column(Driver, driver.pk, "phone") or b""
    put(Driver, driver.pk, "phone", stored[:cut])
    with pytest.raises(FieldAltered):
        Driver.objects.get(pk=driver.pk)


@pytest.mark.clause("A6.3")
def test_a_ciphertext_moved_elsewhere_is_refused():
    """Another column, another model: the label does not fit."""
    driver = Driver.objects.create(name="a", phone=PHONE, address="x")
    vehicle = Vehicle.objects.create(owner=driver, plate="1")
    stolen = column(Driver, driver.pk, "phone")
    put(Driver, driver.pk, "address", stolen)
    with pytest.raises(FieldAltered, match=r"plainapp\.driver\.address"):
        Driver.objects.get(pk=driver.pk)
    put(Vehicle, vehicle.pk, "plate", stolen)
    with pytest.raises(FieldAltered, match=r"plainapp\.vehicle\.plate"):
        list(Vehicle.objects.values_list("plate"))


def test_the_label_is_what_refuses_a_moved_ciphertext(monkeypatch):
    """With the protection removed, two columns under one label, the move succeeds."""
    driver = Driver.objects.create(name="a", phone=PHONE)
    put(Driver, driver.pk, "address", column(Driver, driver.pk, "phone"))
    label = Driver._meta.get_field("phone").label
    monkeypatch.setattr(Driver._meta.get_field("address"), "label", label)
    assert Driver.objects.get(pk=driver.pk).address == PHONE


def test_a_text_nobody_encrypted_is_refused():
    """Plain text written by SQL is not handed out as if it had been protected."""
    driver = Driver.objects.create(name="a", phone=PHONE)
    put(Driver, driver.pk, "phone", b"13800000000")
    with pytest.raises(FieldAltered):
        Driver.objects.get(pk=driver.pk)


@pytest.mark.clause("A6.3")
def test_a_wrong_key_reads_nothing(other_ring):
    """The same id with other bytes: verified false, and the row stays as it is."""
    driver = Driver.objects.create(name="a", phone=PHONE)
    before = column(Driver, driver.pk, "phone")
    other_ring(*keyring.known_ring("thief"))
    with pytest.raises(FieldAltered):
        Driver.objects.get(pk=driver.pk)
    assert column(Driver, driver.pk, "phone") == before


def test_an_unknown_key_is_not_called_tampering(other_ring):
    """A ring without the key cannot verify; that is a fault of the system."""
    driver = Driver.objects.create(name="a", phone=PHONE)
    ring = [key for key in keyring.known_ring() if key.purpose is not Purpose.FIELD]
    other_ring(*ring, keyring.known_key(Purpose.FIELD, 2))
    with pytest.raises(FieldUnreadable, match="field-1") as caught:
        Driver.objects.get(pk=driver.pk)
    assert isinstance(caught.value, CannotVerify)
    assert not isinstance(caught.value, VerifiedFalse)


def test_a_retired_key_still_reads_and_is_still_found(other_ring):
    """After a rotation began, old rows are read and found, new ones use new keys."""
    old = Driver.objects.create(name="old", phone=PHONE)
    kept = [
        key
        for key in keyring.known_ring()
        if key.purpose not in (Purpose.FIELD, Purpose.INDEX)
    ]
    turned = [
        keyring.known_key(purpose, number, state)
        for purpose in (Purpose.FIELD, Purpose.INDEX)
        for number, state in ((1, State.RETIRED), (2, State.ACTIVE))
    ]
    other_ring(*kept, *turned)
    new = Driver.objects.create(name="new", phone=PHONE)
    assert (column(Driver, new.pk, "phone") or b"").startswith(b"\xb1\x01\x07field-2")
    found = Driver.objects.filter(phone=PHONE).order_by("pk")
    assert [one.name for one in found] == ["old", "new"]
    old.save()
    assert (column(Driver, old.pk, "phone_index") or b"")[2:].startswith(b"index-2")


@pytest.mark.clause("A6.3")
def test_a_key_that_was_withdrawn_opens_nothing_any_more(other_ring):
    """What was bound to it before is not used, within a query nor between two."""
    Driver.objects.create(name="a", phone=PHONE)
    field = Driver._meta.get_field("phone")
    assert Driver.objects.get().phone == PHONE
    (convert,) = field.get_db_converters(connection)
    stored = column(Driver, Driver.objects.get().pk, "phone")
    assert convert(stored, None, connection) == PHONE
    ring = [key for key in keyring.known_ring() if key.purpose is not Purpose.FIELD]
    other_ring(*ring, keyring.known_key(Purpose.FIELD, 2))
    with pytest.raises(FieldUnreadable):
        Driver.objects.get()
    new = Driver.objects.create(name="b", phone=PHONE)
    assert (column(Driver, new.pk, "phone") or b"").startswith(b"\xb1\x01\x07field-2")


def test_a_column_of_two_keys_is_read_in_any_order(other_ring):
    """In the middle of a rotation old and new values alternate."""
    Driver.objects.create(name="0", phone=PHONE)
    for number in range(1, 6):
        active = 1 + number % 2
        ring = [key for key in keyring.known_ring() if key.purpose is not Purpose.FIELD]
        both = [
            keyring.known_key(
                Purpose.FIELD, one, State.ACTIVE if one == active else State.RETIRED
            )
            for one in (1, 2)
        ]
        other_ring(*ring, *both)
        Driver.objects.create(name=str(number), phone=f"{PHONE[:-1]}{number}")
    stored = [
        column(Driver, one, "phone") or b""
        for one in Driver.objects.values_list("pk", flat=True)
    ]
    assert {one[:10] for one in stored} == {
        b"\xb1\x01\x07field-1",
        b"\xb1\x01\x07field-2",
    }
    texts = Driver.objects.order_by("name").values_list("phone", flat=True)
    assert list(texts) == [PHONE, *(f"{PHONE[:-1]}{number}" for number in range(1, 6))]


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_whatever_the_driver_gives_is_read(kind):
    """Drivers give bytes, or a view of them."""
    field = Driver._meta.get_field("phone")
    pk = Driver.objects.create(name="a", phone=PHONE).pk
    stored = kind(column(Driver, pk, "phone") or b"")
    (convert,) = field.get_db_converters(connection)
    assert [convert(stored, None, connection) for _ in range(3)] == [PHONE] * 3
    with pytest.raises(FieldAltered):
        convert(PHONE, None, connection)


def test_what_looks_like_a_ciphertext_is_text():
    """A ciphertext somebody pastes into a form never comes back opened."""
    driver = Driver.objects.create(name="a", address="secret")
    stored = column(Driver, driver.pk, "address") or b""
    pasted = stored.decode("latin-1").replace("\0", "0").strip()
    form = modelform_factory(Driver, fields=["name", "address"])(
        {"name": "thief", "address": pasted}
    )
    assert form.is_valid()
    saved = form.save()
    assert Driver.objects.get(pk=saved.pk).address == form.cleaned_data["address"]
    assert "secret" not in Driver.objects.get(pk=saved.pk).address
    assert Driver._meta.get_field("address").to_python(pasted) == pasted


def test_bytes_are_refused():
    """A ciphertext handed over as bytes is nobody's text."""
    stolen: Any = b"\xb1\x01\x07field-1abcdef"
    with refused(TypeError, match=r"plainapp\.driver\.phone"):
        Driver.objects.create(name="a", phone=stolen)
    assert not Driver.objects.exists()


def test_the_length_is_that_of_the_text():
    """Twenty Chinese characters fit max_length=20, twenty-one do not."""
    Driver.objects.create(name="a", phone="长" * 20)
    with refused(DataError, match="longer than 20"):
        Driver.objects.create(name="b", phone="1" * 21)
    with refused(DataError):
        Driver.objects.filter(name="a").update(phone="1" * 21)
    form = modelform_factory(Driver, fields=["name", "phone"])(
        {"name": "a", "phone": "1" * 21}
    )
    assert list(form.errors) == ["phone"]
    assert [one.phone for one in Driver.objects.all()] == ["长" * 20]


def test_half_a_surrogate_pair_is_refused_without_quoting_it():
    """What has no bytes gives an error that holds no text."""
    with refused(InputError) as caught:
        Driver.objects.create(name="a", address="geheim\ud800")
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "expression",
    [
        F("address"),
        F("phone"),
        F("name"),
        Lower("phone"),
        Value("13800000000"),
        Concat("name", Value("x")),
    ],
    ids=str,
)
def test_an_expression_is_refused_and_changes_nothing(expression):
    """What the database would compute is plain text or never opens."""
    driver = Driver.objects.create(name="a", phone=PHONE, address="x")
    with refused(FieldError):
        Driver.objects.update(phone=expression)
    driver.phone = expression
    with refused(FieldError):
        driver.save()
    assert Driver.objects.get().phone == PHONE


def test_a_ciphertext_is_not_copied_to_a_plain_column():
    """update(name=F("phone")) is refused, and in the middle of an expression too."""
    Driver.objects.create(name="a", phone=PHONE)
    for expression in (F("phone"), Lower("phone")):
        with refused(FieldError, match="cannot be copied"):
            Driver.objects.update(name=expression)
    assert Driver.objects.get().name == "a"


def test_an_expression_for_a_new_row_is_refused():
    """An insert takes texts only."""
    with refused(FieldError):
        Driver.objects.create(name="a", phone=Value("13800000000"))
    with refused(FieldError):
        Driver.objects.bulk_create([Driver(name="a", address=Value("x"))])
    assert not Driver.objects.exists()


@pytest.mark.parametrize("model", [Office, Branch, ListedOffice])
def test_inherited_fields_belong_to_the_table_they_lie_in(model):
    """Abstract, multi-table and proxy models read and find each other's rows."""
    made = model.objects.create(phone=PHONE)
    assert model._meta.get_field("phone").label == "plainapp.office.phone"
    for other in (Office, model, ListedOffice):
        assert other.objects.get(phone=PHONE).pk == made.pk
    model.objects.filter(pk=made.pk).update(phone="1")
    assert Office.objects.get(phone="1").phone == "1"


def test_a_fixture_carries_text_and_comes_back_whole():
    """dumpdata writes plain text (treat the file so); loaddata encrypts and indexes."""
    Driver.objects.create(name="a", phone=PHONE, address="x")
    for form in ("json", "xml", "python"):
        data = serializers.serialize(form, Driver.objects.all())
        assert PHONE in str(data)
        assert "phone_index" not in str(data)
        Driver.objects.all().delete()
        for one in serializers.deserialize(form, data):
            one.save()
        assert Driver.objects.get(phone=PHONE).address == "x"


def test_a_form_shows_an_ordinary_text_field():
    """Forms and the admin see a CharField, and never the companion."""
    form = modelform_factory(Driver, fields="__all__")()
    assert isinstance(form.fields["phone"], FormField)
    assert form.fields["phone"].max_length == 20
    assert "phone_index" not in form.fields
    assert form.fields["phone"].label == "Telephone"


def test_a_serializer_shows_an_ordinary_text_field():
    """REST sees text with its length and uniqueness, and never the companion."""
    rest: Any = pytest.importorskip("rest_framework.serializers")

    class DriverSerializer(rest.ModelSerializer):  # type: ignore[misc]  # optional
        class Meta:
            model = Driver
            fields = "__all__"

    fields = DriverSerializer().fields
    assert type(fields["phone"]) is rest.CharField
    assert fields["phone"].max_length == 20
    assert "phone_index" not in fields
    Driver.objects.create(name="a", number="1")
    given = DriverSerializer(data={"name": "b", "number": "1"})
    assert not given.is_valid()
    assert given.errors["number"][0].code == "unique"


def test_a_migration_writes_the_field_and_its_companion_down():
    """deconstruct leads back to the same field, under its lasting path."""
    field = Driver._meta.get_field("number")
    _name, path, args, kwargs = field.deconstruct()
    assert path == "jtsec.fields.EncryptedCharField"
    assert kwargs["searchable"] is True
    again = EncryptedCharField(*args, **kwargs)
    assert again.deconstruct()[1:] == (path, args, kwargs)
    companion = Driver._meta.get_field("number_index")
    assert companion.deconstruct()[1] == "jtsec.fields.BlindIndexField"
    assert companion.deconstruct()[3]["unique"] is True
    assert companion.clone().of == "number"


def test_the_column_is_binary():
    """The three databases hold bytes, not text under some collation."""
    expected = {"sqlite": "BLOB", "postgresql": "bytea", "mysql": "varbinary(175)"}
    kind = Driver._meta.get_field("phone").db_type(connection)
    assert kind == expected[connection.vendor]


def test_a_pinned_context_survives_a_rename():
    """context= binds to the old name, so old ciphertexts still open."""

    class Renamed(models.Model):
        tel = EncryptedCharField(max_length=20, context="plainapp.driver.phone")

        class Meta:
            app_label = "plainapp"
            db_table = "plainapp_driver"
            managed = False

    try:
        driver = Driver.objects.create(name="a", phone=PHONE)
        stored = column(Driver, driver.pk, "phone")
        field = Renamed._meta.get_field("tel")
        assert field.from_db_value(stored, None, connection) == PHONE
        assert field.deconstruct()[3]["context"] == "plainapp.driver.phone"
    finally:
        from django.apps import apps

        del apps.all_models["plainapp"]["renamed"]
        apps.clear_cache()
