"""Number plates: both new-energy forms, every kind, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django.core.exceptions import ValidationError

from jtsec.core.exceptions import InputError
from jtsec.validation.api import Plate, PlateKind, PlateKindCode, check_plate
from jtsec.validation.plate import FORMS, LOOSE
from jtsec.validation.plate_kinds import check_plate_kind

pytestmark = pytest.mark.clause("A8.1")

OF_KIND = {
    "01": ("京A12345", "粤B8888A"),
    "02": ("京A12345", "新A00A0A", "沪AAB123"),
    "07": ("豫C1234A",),
    "15": ("京A1234挂",),
    "16": ("京A1234学",),
    "23": ("京A1234警",),
    "26": ("粤Z1A23港",),
    "27": ("粤Z1234澳",),
    "31": ("WJ京1234X", "WJ0112345", "WJ12345"),
    "32": ("VA12345",),
    "41": ("-",),
    "51": ("京A12345D", "京A12345F", "粤B00000A", "京A12345K"),
    "52": ("京AD12345", "京AF12345", "京AA12345", "粤BDA1234", "沪AK00001"),
    "03": ("123456使", "使123456"),
    "22": ("京A12345临",),
}


@pytest.mark.parametrize("kind", OF_KIND)
def test_a_plate_of_its_kind_is_taken(kind: str):
    """Letters other than D and F on new-energy plates too, given out since 2018."""
    for plate in OF_KIND[kind]:
        assert check_plate(plate, kind=kind) == plate


@pytest.mark.parametrize(
    "plate",
    [one for kind, plates in OF_KIND.items() if kind != "41" for one in plates],
)
def test_a_plate_of_any_usual_form_is_taken_without_its_kind(plate: str):
    """Where a form asks for the plate alone."""
    assert check_plate(plate) == plate


@pytest.mark.parametrize(
    ("typed", "plate"),
    [
        (" 京a12345 ", "京A12345"),
        ("京A·12345", "京A12345"),
        ("京A・D12345", "京AD12345"),
        ("京a 12345", "京A12345"),
    ],
)
def test_one_vehicle_has_one_spelling(typed: str, plate: str):
    """Capitals, and without the dot that is painted on the plate."""
    assert check_plate(typed) == plate


@pytest.mark.parametrize(
    ("kind", "plate"),
    [
        ("02", "京AD12345"),
        ("52", "京A12345D"),
        ("51", "京AD12345"),
        ("52", "京AI12345"),
        ("52", "京AL12345"),
        ("51", "京A12345G5"),
        ("51", "京A1234AD"),
        ("52", "京ADAB123"),
        ("15", "京A12345"),
        ("23", "京A1234学"),
        ("26", "京Z1234港"),
        ("41", "京A12345"),
        ("01", "-"),
        ("22", "临时临时临时"),
        ("22", "京A1234567890"),
    ],
)
def test_a_plate_of_another_kind_is_refused(kind: str, plate: str):
    """The kind decides the form; a loose one still has a digit and a length."""
    with pytest.raises(InputError) as refused:
        check_plate(plate, kind=kind)
    assert (refused.value.field, refused.value.code) == ("plate", "kind")
    assert str(PlateKind(kind).label) in str(refused.value)


@pytest.mark.parametrize(
    ("plate", "code"),
    [
        ("", "form"),
        ("京", "form"),
        ("A12345", "form"),
        ("京12345A", "form"),
        ("京A1234", "form"),
        ("京A123456", "form"),
        ("京A1234I", "form"),
        ("京A1234O", "form"),
        ("华A12345", "form"),
        ("京A12345\n", "form"),
        ("京A12\x00345", "form"),
        ("京A··12345", "form"),
        ("-", "form"),
        ("京Ａ12345", "width"),
        ("京A１2345", "width"),
        ("京\u041012345", "confusable"),
        ("京A\u066012345", "confusable"),
        ("京\U0001d400\u200b12345", "confusable"),
        ("1" * 10_000_000, "too-long"),
        (12345, "not-text"),
        (None, "not-text"),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_what_only_looks_like_a_plate_is_refused(plate: object, code: str):
    """Short, long, of no province, with a letter of another alphabet."""
    with pytest.raises(InputError) as refused:
        check_plate(plate)
    assert (refused.value.field, refused.value.code) == ("plate", code)


def test_the_letter_that_is_meant_is_named():
    """Somebody who typed O for 0 reads what to write."""
    with pytest.raises(InputError, match=r"I.*O"):
        check_plate("京A1234O")
    with pytest.raises(InputError, match=r"U\+0410.*A"):
        check_plate("京\u041012345")


@given(st.text())
def test_any_text_is_taken_or_refused(text: str):
    """What is taken is its own normal form."""
    try:
        plate = check_plate(text)
    except InputError:
        return
    assert check_plate(plate) == plate


@given(st.sampled_from(PlateKind.values), st.data())
@pytest.mark.slow
def test_every_plate_of_a_kind_is_its_own_normal_form(kind: str, data: st.DataObject):
    """For whatever the form of a kind allows."""
    plate = data.draw(st.from_regex(FORMS[kind], fullmatch=True))
    assert check_plate(plate, kind=kind) == plate


def test_every_kind_has_a_code_and_a_form():
    """All codes of the interfaces; most of the loose ones are diplomats'."""
    assert len(PlateKind.values) == len(FORMS) == 35
    loose = {kind for kind, form in FORMS.items() if form.pattern == LOOSE}
    assert not loose & {
        "01",
        "02",
        "15",
        "16",
        "23",
        "26",
        "31",
        "32",
        "41",
        "51",
        "52",
    }


@pytest.mark.parametrize("code", ["", "0", "00", "28", "98", "2", "０２", 2, None])
def test_a_kind_that_does_not_exist_is_refused(code: object):
    """By itself, and as the kind of a plate."""
    with pytest.raises(InputError):
        check_plate_kind(code)
    if code and isinstance(code, str):
        with pytest.raises(InputError) as refused:
            check_plate("京A12345", kind=code)
        assert refused.value.field == "plate_kind"


def test_a_kind_is_taken():
    """Without surrounding space."""
    assert check_plate_kind(" 52 ") == "52"


def test_validators_say_the_same():
    """For forms, models and serializers."""
    Plate()("京A12345")
    PlateKindCode()("02")
    for validator in (Plate(), PlateKindCode()):
        with pytest.raises(ValidationError):
            validator("?")
