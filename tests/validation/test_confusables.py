"""Letters that only look like others: named in identifiers, refused in mixed words."""

from __future__ import annotations

import pytest

from django.core.exceptions import ValidationError

from jtsec.core.exceptions import InputError
from jtsec.validation.api import PlainText, UnmixedText, check_unmixed_text, meant_by
from jtsec.validation.confusables import LOOK_ALIKES, require_plain_letters

pytestmark = pytest.mark.clause("A8.1")


@pytest.mark.parametrize(
    ("character", "meant"),
    [
        ("\u0410", "A"),
        ("\u0391", "A"),
        ("\u0440", "p"),
        ("\uff21", "A"),
        ("\uff11", "1"),
        ("\u0661", "1"),
        ("\U0001d400", "A"),
        ("\u2160", "I"),
        ("\u212a", "K"),
        ("\u0131", "i"),
        ("A", ""),
        ("1", ""),
        ("京", ""),
        ("\u03bc", ""),
        ("·", ""),
    ],
)
def test_the_letter_that_is_meant_is_known(character: str, meant: str):
    """Other alphabets, full width, styled letters, digits of other scripts."""
    assert meant_by(character) == meant


def test_every_look_alike_is_another_letter():
    """No letter of ASCII stands among those that only look like one."""
    assert all(code > 127 for code in LOOK_ALIKES)
    assert all(chr(code).isascii() for code in LOOK_ALIKES.values())


def test_a_look_alike_is_refused_with_what_was_meant():
    """The reader cannot see the difference, so it is told."""
    with pytest.raises(InputError, match=r"U\+0410.*A") as refused:
        require_plain_letters("\u041012", "code")
    assert (refused.value.field, refused.value.code) == ("code", "confusable")
    assert require_plain_letters("京A-12", "code") == "京A-12"


@pytest.mark.parametrize("word", ["p\u0430ypal", "\u0391dmin", "a\u0440i", "ａ\u0440i"])
def test_a_mixed_word_is_refused(word: str):
    """One Cyrillic or Greek letter among Latin ones, wherever it stands."""
    with pytest.raises(InputError) as refused:
        check_unmixed_text(f"用户 {word} 登录", "remark")
    assert (refused.value.field, refused.value.code) == ("remark", "confusable")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "人民路 12 号 A 座",
        "T恤，K歌",
        "\u0418\u0432\u0430\u043d \u0438 Ivan",
        "10 \u03bcm, 5 k\u03a9",
        "Iğdır",
    ],
)
def test_honest_text_is_taken_as_it_came(text: str):
    """Chinese beside Latin, a Cyrillic word beside a Latin one, units."""
    assert check_unmixed_text(text) == text


def test_a_hidden_character_is_refused_here_too():
    """Plain text first."""
    with pytest.raises(InputError) as refused:
        check_unmixed_text("a\u200bb")
    assert refused.value.code == "hidden-character"


def test_validators_say_the_same():
    """For forms, models and serializers."""
    UnmixedText()("admin")
    PlainText()("admin")
    with pytest.raises(ValidationError):
        UnmixedText()("\u0430dmin")
    with pytest.raises(ValidationError):
        PlainText()("ad\x00min")
