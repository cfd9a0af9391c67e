"""Police and employee numbers, organisation codes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django.core.exceptions import ValidationError

from jtsec.core.exceptions import ConfigurationError, InputError
from jtsec.validation import api

pytestmark = pytest.mark.clause("A8.1")
CHECKS = [
    api.check_police_number,
    api.check_employee_number,
    api.check_organisation_code,
]


@pytest.mark.parametrize("text", ["012345", " 012345 "])
def test_a_police_number_has_six_digits(text: str):
    """By default; other places have others."""
    assert api.check_police_number(text) == "012345"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345",
        "1234567",
        "01234a",
        "012345\n",
        "０１２３４５",
        "٠١٢٣٤٥",
        "01\x00345",
        None,
        12345,
    ],
)
def test_another_police_number_is_refused(text: Any):
    """Also digits of other scripts, which a careless expression takes."""
    with pytest.raises(InputError) as refused:
        api.check_police_number(text)
    assert refused.value.field == "number"


def test_a_project_has_its_own_form(settings: Any):
    """Read when asked."""
    settings.JTSEC_VALIDATION_POLICE_NUMBER_PATTERN = r"^[A-Z]\d{7}$"
    assert api.check_police_number("A0123456") == "A0123456"
    with pytest.raises(InputError):
        api.check_police_number("012345")


def test_a_form_without_anchors_matches_the_whole(settings: Any):
    """A forgotten ^ or $ opens nothing."""
    settings.JTSEC_VALIDATION_POLICE_NUMBER_PATTERN = r"\d{6}"
    with pytest.raises(InputError):
        api.check_police_number("x012345")


def test_a_form_that_is_no_expression_is_refused(settings: Any):
    """Nothing is taken under it."""
    settings.JTSEC_VALIDATION_POLICE_NUMBER_PATTERN = "("
    with pytest.raises(ConfigurationError):
        api.check_police_number("012345")


@pytest.mark.parametrize(("text", "normal"), [("fj-01", "FJ-01"), ("123456", "123456")])
def test_an_employee_number_is_written_in_capitals(text: str, normal: str):
    """One person, one spelling."""
    assert api.check_employee_number(text) == normal


@pytest.mark.parametrize(
    "text", ["", "A", "-A1", "A 1", "张三", "A\x001", "ｆｊ01", "A" * 33]
)
def test_another_employee_number_is_refused(text: str):
    """Letters, digits and hyphens, 2 to 32 of them."""
    with pytest.raises(InputError):
        api.check_employee_number(text)


def test_an_organisation_code_has_twelve_digits():
    """And nothing around them."""
    assert api.check_organisation_code(" 110000000000") == "110000000000"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "11000000000",
        "1100000000000",
        "11000000000X",
        "１１００００００００００",
        "110000000000\n",
        None,
    ],
)
def test_another_organisation_code_is_refused(text: Any):
    """Length and kind of digits."""
    with pytest.raises(InputError) as refused:
        api.check_organisation_code(text)
    assert refused.value.field == "organisation"


@pytest.mark.parametrize("check", CHECKS)
@given(text=st.text())
def test_any_text_is_taken_or_refused(check: Any, text: str):
    """What is taken is its own normal form."""
    try:
        normal = check(text)
    except InputError:
        return
    assert check(normal) == normal


@pytest.mark.parametrize("check", CHECKS)
def test_ten_megabytes_are_refused(check: Any):
    """Length is looked at first."""
    with pytest.raises(InputError) as refused:
        check("1" * 10_000_000)
    assert refused.value.code == "too-long"


@pytest.mark.parametrize(
    "validator", [api.PoliceNumber(), api.EmployeeNumber(), api.OrganisationCode()]
)
def test_forms_use_the_same_checks(validator: Any):
    """With the sentence and the code."""
    validator("012345" if not isinstance(validator, api.OrganisationCode) else "1" * 12)
    with pytest.raises(ValidationError):
        validator("?")
    assert hash(validator) == hash(type(validator)())
