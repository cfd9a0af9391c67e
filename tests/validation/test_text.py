"""Plain text and names: what can be seen is all there is."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django.core.exceptions import ValidationError

from jtsec.core.exceptions import InputError
from jtsec.validation.api import PersonName, check_person_name, check_plain_text
from jtsec.validation.text import is_hidden

pytestmark = pytest.mark.clause("A8.1")
HIDDEN = {
    "null byte": "\x00",
    "line break": "\n",
    "escape": "\x1b",
    "delete": "\x7f",
    "next line": "\x85",
    "right to left": "\u202e",
    "isolate": "\u2066",
    "zero width": "\u200b",
    "joiner": "\u200d",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "line separator": "\u2028",
    "variation": "\ufe0f",
    "variation supplement": "\U000e0101",
    "tag": "\U000e0041",
    "hangul filler": "\u3164",
    "private use": "\ue000",
    "private plane": "\U000f0000",
    "surrogate": "\ud800",
    "noncharacter": "\uffff",
    "noncharacter among ideographs": "\U0002ffff",
}


@pytest.mark.parametrize("what", HIDDEN)
def test_a_hidden_character_is_refused(what: str):
    """In plain text and in names, and its code is told."""
    for check in (check_plain_text, check_person_name):
        with pytest.raises(InputError) as refused:
            check("张" + HIDDEN[what] + "三")
        assert refused.value.code == "hidden-character"
        assert f"U+{ord(HIDDEN[what]):04X}" in str(refused.value)


def test_line_breaks_may_stand_where_they_are_asked_for():
    """In a remark; other control characters may not."""
    assert check_plain_text("a\r\n\tb", is_multiline=True) == "a\r\n\tb"
    with pytest.raises(InputError):
        check_plain_text("a\x0bb", is_multiline=True)


@pytest.mark.parametrize(
    "text", ["", "plain", "中文，（标点）。", "é ñ ü", "€ № ①", "𠮷𡈽", "\U00031350"]
)
def test_ordinary_text_comes_back_as_it_came(text: str):
    """Nothing is changed; rare Chinese characters are no surprise."""
    assert check_plain_text(text) == text


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_taken_or_refused(text: str):
    """What is taken has no hidden character."""
    try:
        taken = check_plain_text(text)
    except InputError:
        return
    assert taken == text
    assert not any(is_hidden(one) for one in text)


@pytest.mark.parametrize("check", [check_plain_text, check_person_name])
def test_ten_megabytes_are_refused_at_once(check: Any):
    """Length is looked at first."""
    start = time.perf_counter()
    with pytest.raises(InputError) as refused:
        check("a" * 10_000_000)
    assert refused.value.code == "too-long"
    assert time.perf_counter() - start < 0.1


@pytest.mark.parametrize("value", [None, 1, b"abc", ["a"]])
def test_what_is_no_text_is_refused(value: object):
    """A JSON body can hold anything."""
    for check in (check_plain_text, check_person_name):
        with pytest.raises(InputError) as refused:
            check(value)
        assert refused.value.code == "not-text"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("张三", "张三"),
        (" 欧阳修 ", "欧阳修"),
        ("古丽•买买提", "古丽·买买提"),
        ("古丽・买买提", "古丽·买买提"),
        ("𠮷野", "𠮷野"),
        ("Jean-Luc Picard", "Jean-Luc Picard"),
        ("Ｌｉ Ｍｉｎｇ", "Li Ming"),
        ("三〇", "三〇"),
        ("ab" * 25, "ab" * 25),
    ],
)
def test_a_name_has_one_form(text: str, normal: str):
    """One kind of dot, one width."""
    assert check_person_name(text) == normal
    assert check_person_name(normal) == normal


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "length"),
        ("张", "length"),
        ("a" * 51, "length"),
        ("张3", "character"),
        ("张三;", "character"),
        ("<b>张三</b>", "character"),
        ("张三\N{COMBINING ACUTE ACCENT}", "character"),
        ("张😀", "character"),
        ("·张三", "separator"),
        ("张三-", "separator"),
        ("张··三", "separator"),
        ("a - b", "separator"),
    ],
)
def test_another_name_is_refused(text: str, code: str):
    """Digits, signs, and dots at the wrong places."""
    with pytest.raises(InputError) as refused:
        check_person_name(text)
    assert (refused.value.field, refused.value.code) == ("name", code)


def test_a_form_says_what_is_wrong():
    """As a validator of Django."""
    PersonName()("张三")
    with pytest.raises(ValidationError):
        PersonName()("张")
