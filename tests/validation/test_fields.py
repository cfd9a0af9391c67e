"""One check in forms, models and serializers: one spelling, wherever it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework import serializers

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.db.models import F, Value
from django.test.utils import isolate_apps

from jtsec.core.exceptions import InputError
from jtsec.validation.api import CheckedBy, check_mobile, check_plate
from jtsec.validation.form_fields import CheckedCharField as FormField
from jtsec.validation.model_fields import CheckedCharField as ModelField
from jtsec.validation.serializer_fields import CheckedCharField as SerializerField

pytestmark = pytest.mark.clause("A8.1")
TYPED, PLATE, WRONG = " 京a·12345 ", "京A12345", "京A1234I"


class VehicleForm(forms.Form):
    """Asks for a plate, and perhaps a telephone."""

    plate = FormField(checked_by=check_plate)
    phone = FormField(checked_by=check_mobile, required=False)


class VehicleSerializer(serializers.Serializer[Any]):
    """Takes the same."""

    plate = SerializerField(checked_by=check_plate)
    phone = SerializerField(checked_by=check_mobile, allow_blank=True, default="")


@pytest.fixture
def vehicle(transactional_db: None) -> Iterator[Any]:
    """Return a model with such a column, and its table for as long."""
    with isolate_apps("tests.plainapp"):

        class CheckedVehicle(models.Model):
            plate = ModelField(max_length=9, checked_by=check_plate)
            former = ModelField(
                max_length=9, checked_by=check_plate, blank=True, null=True
            )

            class Meta:
                app_label = "plainapp"

        with connection.schema_editor() as editor:
            editor.create_model(CheckedVehicle)
        yield CheckedVehicle
        with connection.schema_editor() as editor:
            editor.delete_model(CheckedVehicle)


def test_a_form_returns_the_normal_form():
    """Nothing stays nothing where it may."""
    form = VehicleForm({"plate": TYPED, "phone": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"plate": PLATE, "phone": ""}


@pytest.mark.parametrize(
    ("typed", "code"), [(WRONG, "form"), ("", "required"), ("1" * 99, "max_length")]
)
def test_a_form_names_what_is_wrong(typed: str, code: str):
    """With the code of the check."""
    form = VehicleForm({"plate": typed})
    assert not form.is_valid()
    assert form.errors.as_data()["plate"][0].code == code


def test_a_serializer_returns_the_normal_form():
    """Room for what people put around it."""
    sent = VehicleSerializer(data={"plate": TYPED, "phone": "+86 138 0013 8000"})
    assert sent.is_valid(), sent.errors
    assert sent.validated_data == {"plate": PLATE, "phone": "13800138000"}


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"plate": WRONG}, "form"),
        ({"plate": ""}, "blank"),
        ({}, "required"),
        ({"plate": None}, "null"),
        ({"plate": 12345}, "invalid"),
        ({"plate": ["京A12345"]}, "invalid"),
        ({"plate": "1" * 99}, "max_length"),
    ],
)
def test_a_serializer_names_what_is_wrong(sent: dict[str, Any], code: str):
    """Also what is no text at all."""
    taken = VehicleSerializer(data=sent)
    assert not taken.is_valid()
    assert taken.errors["plate"][0].code == code


def test_every_write_of_the_orm_stores_the_normal_form(vehicle: Any):
    """And the object that was saved says the same."""
    saved = vehicle(plate=TYPED)
    saved.save()
    assert saved.plate == PLATE
    vehicle.objects.bulk_create([vehicle(plate="京b·12345", former=None)])
    vehicle.objects.filter(pk=saved.pk).update(plate=" 京c12345", former=F("plate"))
    assert set(vehicle.objects.values_list("plate", "former")) == {
        ("京B12345", None),
        ("京C12345", PLATE),
    }
    saved.plate = "京d12345"
    vehicle.objects.bulk_update([saved], ["plate"])
    assert vehicle.objects.get(pk=saved.pk).plate == "京D12345"


def test_no_write_of_the_orm_stores_what_is_malformed(vehicle: Any):
    """Removing the hook of any of these paths would let it in."""
    good = vehicle.objects.create(plate=PLATE)
    wrong = vehicle(pk=good.pk, plate=WRONG)
    column = ModelField(checked_by=check_plate)
    for write in (
        wrong.save,
        lambda: vehicle.objects.create(plate=WRONG),
        lambda: vehicle.objects.bulk_create([vehicle(plate=WRONG)]),
        lambda: vehicle.objects.bulk_update([wrong], ["plate"]),
        lambda: vehicle.objects.update(plate=WRONG),
        lambda: vehicle.objects.update(plate=Value(WRONG, column)),
        lambda: vehicle.objects.get_or_create(plate=WRONG),
    ):
        with pytest.raises(InputError) as refused:
            write()
        assert refused.value.code == "form"
    assert list(vehicle.objects.values_list("plate", flat=True)) == [PLATE]


def test_a_column_without_its_check_takes_anything(
    vehicle: Any, monkeypatch: pytest.MonkeyPatch
):
    """Which shows that it is the check that refuses."""
    monkeypatch.setattr(ModelField, "_normal", lambda field, value: value)
    vehicle.objects.create(plate=WRONG)
    assert vehicle.objects.get().plate == WRONG


def test_a_model_is_cleaned_and_gives_its_field_to_forms(vehicle: Any):
    """`full_clean` and a ModelForm agree."""
    cleaned = vehicle(plate=TYPED)
    cleaned.full_clean()
    assert cleaned.plate == PLATE
    with pytest.raises(ValidationError) as refused:
        vehicle(plate=WRONG).full_clean()
    assert refused.value.error_dict["plate"][0].code == "form"
    form = forms.modelform_factory(vehicle, fields=["plate"])({"plate": TYPED})
    assert form.is_valid(), form.errors
    assert form.save().plate == PLATE


def test_a_model_serializer_refuses_without_being_told(vehicle: Any):
    """It asks the validators of the model."""

    class Serializer(serializers.ModelSerializer[Any]):
        class Meta:
            model = vehicle
            fields = ("plate",)

    refused = Serializer(data={"plate": WRONG})
    assert not refused.is_valid()
    assert refused.errors["plate"][0].code == "form"
    taken = Serializer(data={"plate": "京a·12345"})
    assert taken.is_valid(), taken.errors
    assert taken.save().plate == PLATE


def test_a_migration_names_the_check():
    """By its path; the validator that comes with it is not written twice."""
    field = ModelField(max_length=9, checked_by=check_plate)
    written, imports = MigrationWriter.serialize(field)
    assert "checked_by=jtsec.validation.plate.check_plate" in written
    assert "validators" not in written
    assert any("jtsec.validation.model_fields" in one for one in imports)
    again: Any = field.clone()
    assert again.checked_by is check_plate
    assert CheckedBy(check_plate) == CheckedBy(check_plate) != CheckedBy(check_mobile)
    assert len({CheckedBy(check_plate), CheckedBy(check_plate)}) == 1
