"""
Letters that only look like those of the Latin alphabet.

A plate with a Cyrillic A is another string than the plate it shows: it is not found,
not blocked and not counted with it. In an identifier such a letter is refused with the
letter that was meant; in a text, a word that mixes alphabets is.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError

from .text import MAX_LENGTH, check_plain_text
from .validator import CheckValidator

# By their numbers: on the page nobody can tell the two sides apart.
_CYRILLIC: Final = (
    "\u0410\u0412\u0421\u0415\u041d\u0406\u0408\u041a\u041c\u041e\u0420\u0405\u0422"
    "\u0425\u04ae\u051c\u0430\u0435\u04bb\u0456\u0458\u04cf\u043e\u0440\u0441\u0445"
    "\u0443\u0501\u051b\u0455\u051d"
)
_GREEK: Final = (
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5"
    "\u03a7\u03bf\u03bd\u03c1"
)
_LATIN: Final = "\u0131\u0237\u0251\u0261\u0269"
LOOK_ALIKES: Final = str.maketrans(
    _CYRILLIC + _GREEK + _LATIN,
    "ABCEHIJKMOPSTXYWaehijlopcxydqsw" + "ABEZHIKMNOPTYXovp" + "ijagi",
)

_FOREIGN: Final = frozenset(_CYRILLIC + _GREEK)
_WORDS: Final = re.compile(r"[^\W\d_]+")
_ASCII_LETTER: Final = re.compile(r"[A-Za-z]")


def meant_by(character: str) -> str:
    """
    Return the ASCII letter or digit that a character looks like, or "".

    Full-width forms, the styled letters of mathematics, digits of other scripts and
    letters of other alphabets are looked at; an ASCII character means itself and
    gives "".
    """
    if character.isascii():
        return ""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", character).translate(LOOK_ALIKES)
    return plain if len(plain) == 1 and plain.isascii() and plain.isalnum() else ""


def require_plain_letters(text: str, field: str) -> str:
    """
    Return a text of an identifier whose letters and digits are what they look like.

    Raises:
        InputError: a letter or digit is full-width (code "width"), or belongs to
            another alphabet (code "confusable"); the sentence names the one meant.
    """
    for character in text:
        meant = meant_by(character)
        if not meant:
            continue
        is_wide = unicodedata.east_asian_width(character) == "F"
        raise InputError(
            _("Write %(character)s (%(code)s) as the half-width %(meant)s.")
            % {
                "character": character,
                "code": f"U+{ord(character):04X}",
                "meant": meant,
            },
            field=field,
            code="width" if is_wide else "confusable",
        )
    return text


def check_unmixed_text(
    value: object, field: str = "", *, max_length: int = MAX_LENGTH
) -> str:
    """
    Return a plain text no word of which hides a foreign letter among Latin ones.

    A word all of Cyrillic letters is taken: people at the border have such names. What
    must be Latin and nothing else is an identifier, and has a check of its own.

    Raises:
        InputError: what `check_plain_text` refuses, or a mixed word.
    """
    text = check_plain_text(value, field, max_length=max_length)
    for word in _WORDS.findall(text):
        # The plain form: a full-width letter is a Latin one too.
        plain = unicodedata.normalize("NFKC", word)
        if _ASCII_LETTER.search(plain) and not _FOREIGN.isdisjoint(plain):
            raise InputError(
                _("“%(word)s” mixes letters of different alphabets that look alike.")
                % {"word": word},
                field=field,
                code="confusable",
            )
    return text


class UnmixedText(CheckValidator):
    """Validates a text without mixed words, for forms, models and serializers."""

    check = staticmethod(check_unmixed_text)
