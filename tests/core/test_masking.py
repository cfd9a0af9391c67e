"""Kinds of masking: what is left of a value says little, and never all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtsec.core.exceptions import ConfigurationError
from jtsec.core.masking import KINDS, MaskedText, mask

pytestmark = pytest.mark.clause("T7.2")


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("name", "张三", "张*"),
        ("name", "欧阳娜娜", "欧***"),
        ("name", "王", "*"),
        ("id_number", "11010519491231002X", "110***********002X"),
        ("id_number", "110105491231002", "*" * 15),
        ("phone", "13912345678", "139****5678"),
        ("phone", "+86 139-1234-5678", "139****5678"),
        ("phone", "008613912345678", "139****5678"),
        ("phone", "0510-81234567", "051*****4567"),
        ("phone", "81234567", "******67"),
        ("phone", "120", "***"),
        ("address", "江苏省无锡市梁溪区人民中路123号", "江苏省无锡市梁溪区****"),
        ("address", "北京市朝阳区某路1号", "北京市朝阳区****"),
        (
            "address",
            "内蒙古自治区锡林郭勒盟多伦县某村",
            "内蒙古自治区锡林郭勒盟多伦县****",
        ),
        ("address", "人民路小区5号", "****"),
        ("plate", "苏A12345", "苏A***45"),
        ("plate", "苏AD12345", "苏A****45"),
        ("plate", "苏A·12345", "苏A***45"),
        ("plate", "苏A", "**"),
        ("bank_card", "6222 0212 3456 7890 123", "***************0123"),
        ("bank_card", "1234", "****"),
        ("whole", "x" * 500, "*" * 18),
    ],
)
def test_a_value_is_masked_by_its_kind(kind: str, value: str, expected: str) -> None:
    """What is not of the kind's form is starred whole."""
    assert mask(kind, value) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_stays_nothing(kind: str) -> None:
    """A column without a value shows none."""
    assert mask(kind, None) == mask(kind, "") == ""


@given(st.sampled_from(sorted(KINDS)), st.text(min_size=1, max_size=40))
def test_no_text_comes_through_whole(kind: str, text: str) -> None:
    """Whatever somebody typed, and of whatever kind it was declared."""
    masked = mask(kind, text)
    assert "*" in masked
    assert not text.strip("*") or text not in masked


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=40))
def test_a_mask_is_masked_once(kind: str, text: str) -> None:
    """A page may mask what a serializer masked already."""
    once = mask(kind, text)
    assert isinstance(once, MaskedText)
    assert mask("name", once) == once


def test_an_unknown_kind_is_refused() -> None:
    """A misspelt kind must not let a value through."""
    with pytest.raises(ConfigurationError, match="phon"):
        mask("phon", "13912345678")
