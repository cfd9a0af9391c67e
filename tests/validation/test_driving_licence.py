"""Classes of driving licences and the number of a driver's file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django.core.exceptions import ValidationError

from jtsec.core.exceptions import InputError
from jtsec.validation import api

pytestmark = pytest.mark.clause("A8.1")


@pytest.mark.parametrize("code", api.LicenceClass.values)
def test_every_class_is_taken(code: str):
    """Those that were added last, C5 and C6, too."""
    assert api.check_licence_class(code) == code


@pytest.mark.parametrize(
    ("typed", "classes"),
    [
        ("A2D", "A2D"),
        ("d a2", "A2D"),
        ("A1, A2、E", "A1A2E"),
        (" c1 ", "C1"),
        ("C1/F", "C1F"),
    ],
)
def test_several_stand_in_one_order(typed: str, classes: str):
    """As the licence is printed."""
    assert api.check_licence_class(typed) == classes


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "form"),
        ("A", "form"),
        ("A4", "form"),
        ("B3", "form"),
        ("C7", "form"),
        ("G", "form"),
        ("C1?", "form"),
        ("C1\n", "form"),
        ("C1C1", "twice"),
        ("Ｃ1", "width"),
        ("\u04211", "confusable"),
        ("A1" * 100, "too-long"),
        (None, "not-text"),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_another_class_is_refused(typed: object, code: str):
    """With the reason."""
    with pytest.raises(InputError) as refused:
        api.check_licence_class(typed)
    assert (refused.value.field, refused.value.code) == ("licence_class", code)


@given(st.text())
def test_any_text_is_taken_or_refused(text: str):
    """What is taken is its own normal form."""
    try:
        classes = api.check_licence_class(text)
    except InputError:
        return
    assert api.check_licence_class(classes) == classes


def test_the_number_of_a_file_has_twelve_digits():
    """And nothing around them."""
    assert api.check_licence_file_number(" 110100000001 ") == "110100000001"
    for wrong in ("", "11010000000", "1101000000012", "11010000000X", "１10100000001"):
        with pytest.raises(InputError):
            api.check_licence_file_number(wrong)


def test_validators_say_the_same():
    """For forms, models and serializers."""
    api.DrivingLicenceClass()("C1")
    api.LicenceFileNumber()("110100000001")
    for validator in (api.DrivingLicenceClass(), api.LicenceFileNumber()):
        with pytest.raises(ValidationError):
            validator("?")
