"""Vehicle identification numbers: published examples, slips, other markets."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django.core.exceptions import ValidationError

from jtsec.core.exceptions import InputError
from jtsec.validation import vin
from jtsec.validation.api import Vin, check_vin, is_vin_consistent

pytestmark = pytest.mark.clause("A8.1")
EXAMPLES = ("1M8GDM9AXKP042788", "11111111111111111", "5GZCZ43D13S812715")
CHARACTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


@pytest.mark.parametrize("text", EXAMPLES)
def test_published_examples_are_consistent(text: str):
    """Numbers that are printed wherever the check character is explained."""
    assert check_vin(text) == text
    assert is_vin_consistent(text)


def test_small_letters_become_capitals():
    """One vehicle, one spelling."""
    assert check_vin(" 1m8gdm9axkp042788 ") == EXAMPLES[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "form"),
        ("1M8GDM9AXKP04278", "form"),
        ("1M8GDM9AXKP0427888", "form"),
        ("1M8GDM9AXKPO42788", "form"),
        ("IM8GDM9AXKP042788", "form"),
        ("1M8GDM9AXKQ042788", "form"),
        ("1M8GDM9AX-P042788", "form"),
        ("1M8GDM9AXKP042788\n", "form"),
        ("１M8GDM9AXKP042788", "width"),
        ("1\u041c8GDM9AXKP042788", "confusable"),
        ("1" * 10_000_000, "too-long"),
        (None, "not-text"),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_another_text_is_refused(text: object, code: str):
    """With the reason."""
    with pytest.raises(InputError) as refused:
        check_vin(text)
    assert (refused.value.field, refused.value.code) == ("vin", code)


@given(
    st.text(CHARACTERS, min_size=17, max_size=17),
    st.integers(0, 16).filter(lambda at: at != vin.CHECKED_AT),
    st.sampled_from("0123456789"),
)
def test_a_digit_that_slips_is_noticed(text: str, at: int, other: str):
    """A digit for another digit changes the sum: the weights divide by no 11."""
    text = text[:8] + vin.check_character(text) + text[9:]
    assert is_vin_consistent(text)
    if text[at].isdigit() and text[at] != other:
        assert not is_vin_consistent(text[:at] + other + text[at + 1 :])


def test_a_doubtful_number_is_taken_unless_the_project_says_otherwise(settings: Any):
    """A vehicle made for another market may bear it."""
    doubtful = "1M8GDM9A0KP042788"
    assert check_vin(doubtful) == doubtful
    assert not is_vin_consistent(doubtful)
    settings.JTSEC_VALIDATION_VIN_CHECK_CHARACTER = True
    with pytest.raises(InputError) as refused:
        check_vin(doubtful)
    assert refused.value.code == "check-character"
    assert check_vin(EXAMPLES[0])


def test_the_validator_says_the_same():
    """For forms, models and serializers."""
    Vin()(EXAMPLES[0])
    with pytest.raises(ValidationError):
        Vin()("?")
