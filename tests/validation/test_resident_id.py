"""Resident ID numbers: the standard's examples, boundaries, and everything else."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django.core.exceptions import ValidationError

from jtsec.core.exceptions import InputError
from jtsec.validation import resident_id
from jtsec.validation.api import ResidentId, check_resident_id, masked

pytestmark = pytest.mark.clause("A8.1")
REGIONS = sorted(resident_id.PROVINCES)


def number(
    region: str = "110105", born: str = "19491231", sequence: str = "002"
) -> str:
    """Return the number of these parts with its check character."""
    digits = region + born + sequence
    return digits + resident_id.check_character(digits)


def code_of(text: object) -> str:
    """Return the code with which a number is refused."""
    with pytest.raises(InputError) as refused:
        check_resident_id(text)
    assert refused.value.field == "resident_id"
    return refused.value.code


@pytest.mark.parametrize(
    "text", ["11010519491231002X", number("440524", "19800101", "001")]
)
def test_a_well_formed_number_is_taken(text: str):
    """The first is the example of GB 11643."""
    assert check_resident_id(text) == text


def test_the_examples_of_the_standard_have_these_check_characters():
    """Both of them, the second of somebody born in 1880."""
    assert resident_id.check_character("11010519491231002") == "X"
    assert resident_id.check_character("44052418800101001") == "4"


def test_a_small_x_becomes_a_capital():
    """One person, one spelling; surrounding space goes."""
    assert check_resident_id(" 11010519491231002x ") == "11010519491231002X"


@pytest.mark.parametrize("region", ["810000", "820000", "830000", "710000"])
def test_residence_permits_are_taken(region: str):
    """Hong Kong, Macao and Taiwan."""
    assert check_resident_id(number(region))


@pytest.mark.parametrize("region", ["000000", "160000", "910000", "990000", "470000"])
def test_a_region_that_does_not_exist_is_refused(region: str):
    """Or the digits before it could be anything."""
    assert code_of(number(region)) in {"region", "form"}


def test_a_foreigners_residence_counts_where_the_project_says_so(settings):
    """First digit 9, then the region."""
    text = number("911840")
    assert code_of(text) == "region"
    settings.JTSEC_VALIDATION_FOREIGN_RESIDENT_IDS = True
    assert check_resident_id(text) == text
    assert code_of(number("999840")) == "region"


@pytest.mark.parametrize(
    "born", ["19490230", "20010229", "19491301", "19490001", "19490100", "00000101"]
)
def test_a_date_that_does_not_exist_is_refused(born: str):
    """Also the 29th of February of an ordinary year."""
    assert code_of(number(born=born)) == "birth-date"


@pytest.mark.parametrize(
    ("born", "is_fine"),
    [
        ("20000229", True),
        ("20260301", True),
        ("20260302", False),
        ("20990101", False),
        ("18960101", True),
        ("18951231", False),
        ("18000101", False),
    ],
)
def test_a_birth_date_is_that_of_a_living_person(
    born: str, is_fine: bool, monkeypatch: pytest.MonkeyPatch
):
    """Today in China, which is tomorrow in UTC for eight hours a day."""
    moment = datetime(2026, 2, 28, 16, 30, tzinfo=UTC)
    monkeypatch.setattr(resident_id, "now", lambda: moment)
    if is_fine:
        assert check_resident_id(number(born=born))
    else:
        assert code_of(number(born=born)) == "birth-date"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "form"),
        ("1", "form"),
        ("1101051949123100", "form"),
        ("110105491231002", "form"),
        ("11010519491231002Y", "form"),
        ("X1010519491231002X", "form"),
        ("11010519491231\x002X", "form"),
        ("1101051949123100-X", "form"),
        ("１１０１０５１９４９１２３１００２Ｘ", "width"),
        ("11010519491231002\u0660", "width"),
        ("11010519491231002X1", "form"),
        ("11010519491231002X\n", "form"),
        (" " * 65, "too-long"),
        ("1" * 10_000_000, "too-long"),
        (11010519491231002, "not-text"),
        (None, "not-text"),
        (b"11010519491231002X", "not-text"),
        ("110105194912310021", "check-character"),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_what_is_malformed_is_refused_with_its_reason(text: object, code: str):
    """Short, long, wide, no text at all."""
    assert code_of(text) == code


def test_ten_megabytes_are_refused_at_once():
    """Length is looked at first."""
    start = time.perf_counter()
    assert code_of("1" * 10_000_000) == "too-long"
    assert time.perf_counter() - start < 0.1


@given(
    st.sampled_from(REGIONS),
    st.dates(date(1900, 1, 1), date(2020, 1, 1)),
    st.integers(0, 999),
    st.integers(0, 17),
    st.sampled_from("0123456789"),
)
def test_one_wrong_character_is_always_found(
    region: str, born: date, sequence: int, at: int, other: str
):
    """What MOD 11-2 promises: every number is taken, no single slip is."""
    text = number(region + "0101", born.strftime("%Y%m%d"), f"{sequence:03}")
    assert check_resident_id(text) == text
    slipped = text[:at] + other + text[at + 1 :]
    if slipped != text:
        with pytest.raises(InputError):
            check_resident_id(slipped)


@given(st.text())
def test_any_text_is_taken_or_refused(text: str):
    """Nothing else is ever raised."""
    try:
        assert len(check_resident_id(text)) == 18
    except InputError as refused:
        assert str(refused)


def test_a_number_is_masked_for_screens():
    """Nothing of the birth date stays."""
    assert masked("11010519491231002X") == "110***********002X"
    assert masked("12345") == "*****"
    assert masked("x" * 500) == "*" * 18


def test_a_form_says_what_is_wrong():
    """As a validator of Django, equal to its like so that migrations stay quiet."""
    ResidentId()("11010519491231002X")
    with pytest.raises(ValidationError) as refused:
        ResidentId()("110105194912310021")
    assert refused.value.code == "check-character"
    assert ResidentId() == ResidentId()
    assert ResidentId().deconstruct()[0] == "jtsec.validation.resident_id.ResidentId"
