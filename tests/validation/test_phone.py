"""Telephone numbers: mobile and fixed ones, in every way people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django.core.exceptions import ValidationError

from jtsec.core.exceptions import InputError
from jtsec.validation.api import Mobile, Phone, check_mobile, check_phone

pytestmark = pytest.mark.clause("A8.1")


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        " 13800138000 ",
        "138 0013 8000",
        "138-0013-8000",
        "+8613800138000",
        "+86 138 0013 8000",
        "+86-138-0013-8000",
        "008613800138000",
        "8613800138000",
    ],
)
def test_a_mobile_number_has_one_spelling(typed: str):
    """Country, spaces and hyphens make no other number."""
    assert check_mobile(typed) == check_phone(typed) == "13800138000"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("010-65432100", "010-65432100"),
        ("01065432100", "010-65432100"),
        ("(010) 6543 2100", "010-65432100"),
        ("+86 10 6543 2100", "010-65432100"),
        ("021-65432100-8001", "021-65432100-8001"),
        ("0571-8765432", "0571-8765432"),
        ("0571-8765-4321x12", "0571-87654321-12"),
        ("0314 876 5432", "0314-8765432"),
    ],
)
def test_a_fixed_number_has_one_spelling(typed: str, number: str):
    """Area, number, extension."""
    assert check_phone(typed) == number
    assert check_phone(number) == number
    with pytest.raises(InputError):
        check_mobile(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "form"),
        ("1380013800", "form"),
        ("138001380000", "form"),
        ("12800138000", "form"),
        ("65432100", "form"),
        ("010-1234567", "form"),
        ("000-65432100", "form"),
        ("+1 13800138000", "form"),
        ("+868613800138000", "form"),
        ("13800138000;1", "form"),
        ("1380013800O", "form"),
        ("13800138000\n", "form"),
        ("１3800138000", "width"),
        ("1380013800\u0660", "confusable"),
        ("1" * 10_000_000, "too-long"),
        (13800138000, "not-text"),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_another_number_is_refused(typed: object, code: str):
    """Short, long, foreign, with digits of another script."""
    for check in (check_mobile, check_phone):
        with pytest.raises(InputError) as refused:
            check(typed)
        assert (refused.value.field, refused.value.code) == ("phone", code)


@given(st.text("0123456789+-() x"))
def test_what_is_taken_is_its_own_normal_form(text: str):
    """Whatever is built of the characters of numbers."""
    for check in (check_mobile, check_phone):
        try:
            number = check(text)
        except InputError:
            continue
        assert check(number) == number


def test_validators_say_the_same():
    """For forms, models and serializers."""
    Mobile()("13800138000")
    Phone()("010-65432100")
    for validator in (Mobile(), Phone()):
        with pytest.raises(ValidationError):
            validator("?")
