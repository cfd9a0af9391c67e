"""Forms show masks, and keep what is stored where nobody changed them."""

from __future__ import annotations

from typing import Any

import pytest

from django import forms
from django.core.validators import RegexValidator

from jtsec.protection.masking.forms import MaskedForm
from tests.plainapp.masked import Owner
from tests.protection.masking.conftest import MASKED, PLAIN

pytestmark = [pytest.mark.django_db, pytest.mark.clause("T7.2")]


class OwnerForm(MaskedForm, forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    """Changes an owner."""

    phone = forms.CharField(validators=[RegexValidator(r"^1\d{10}\Z")])

    class Meta:
        model = Owner
        fields = ("name", "phone", "plate", "note")


def sent(owner: Any, **changed: str) -> OwnerForm:
    """Return the form as it comes back with some fields changed."""
    shown = {name: MASKED[name] for name in ("name", "phone", "plate")}
    return OwnerForm({**shown, "note": "", **changed}, instance=owner)


def test_it_shows_masks(owner: Any) -> None:
    """In the fields of a stored row; a new one is empty."""
    page = OwnerForm(instance=owner).as_p()
    assert MASKED["phone"] in page
    assert not [value for value in PLAIN.values() if value in page]
    assert "*" not in OwnerForm().as_p()


def test_a_mask_that_comes_back_keeps_the_value(owner: Any) -> None:
    """Whatever a validator would say of its stars."""
    form = sent(owner, note="new")
    assert form.is_valid(), form.errors
    assert form.changed_data == ["note"]
    form.save()
    owner.refresh_from_db()
    assert (owner.name, owner.phone, owner.note) == (
        PLAIN["name"],
        PLAIN["phone"],
        "new",
    )


def test_a_new_value_replaces_the_stored_one(owner: Any) -> None:
    """As in any form."""
    form = sent(owner, phone="13800138000")
    assert form.is_valid(), form.errors
    assert form.changed_data == ["phone"]
    form.save()
    owner.refresh_from_db()
    assert (owner.name, owner.phone) == (PLAIN["name"], "13800138000")


def test_what_must_not_be_empty_keeps_its_value(owner: Any) -> None:
    """And what may be empty is emptied."""
    form = sent(owner, name="", plate="")
    assert form.is_valid(), form.errors
    form.save()
    owner.refresh_from_db()
    assert (owner.name, owner.plate) == (PLAIN["name"], "")


@pytest.mark.parametrize("other", ["张*", "欧**", "*"])
def test_other_stars_are_refused(owner: Any, other: str) -> None:
    """They would be stored as the name; nothing is changed."""
    form = sent(owner, name=other)
    assert not form.is_valid()
    assert form.errors.as_data()["name"][0].code == "masked"
    owner.refresh_from_db()
    assert owner.name == PLAIN["name"]


def test_stars_are_refused_of_a_new_row() -> None:
    """There is nothing they could stand for."""
    form = OwnerForm({**MASKED, "note": ""})
    assert set(form.errors) == {"name", "phone", "plate"}
