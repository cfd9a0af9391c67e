"""
Plain text: what a person can see is all there is.

Control characters forge lines in a log, bidirectional marks turn a text round on the
screen, invisible and private-use characters make two different values look the same.
Length is looked at before anything else, so that ten megabytes cost nothing.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError

from .validator import CheckValidator

MAX_LENGTH: Final = 4000
LINE_BREAKS: Final = frozenset("\r\n\t")

FILLERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Drawn as nothing although their category says letter, mark or symbol."""


def require_text(value: object, *, field: str, max_length: int) -> str:
    """
    Return the value if it is text of a bearable length.

    Raises:
        InputError: it is not text, or longer than `max_length` characters.
    """
    if not isinstance(value, str):
        raise InputError(_("This must be text."), field=field, code="not-text")
    if len(value) > max_length:
        message = _("This is too long: at most %(limit)d characters.")
        raise InputError(message % {"limit": max_length}, field=field, code="too-long")
    return value


def check_plain_text(
    value: object,
    field: str = "",
    *,
    max_length: int = MAX_LENGTH,
    is_multiline: bool = False,
) -> str:
    """
    Return a text as it came, or refuse one that hides something.

    Args:
        value: what was sent.
        field: the field it was sent for.
        max_length: in characters.
        is_multiline: whether line breaks and tabs may stand in it.

    Raises:
        InputError: it is no text, is too long, or holds a control, bidirectional,
            invisible, private-use or unassigned character.
    """
    text = require_text(value, field=field, max_length=max_length)
    for character in text:
        if is_multiline and character in LINE_BREAKS:
            continue
        if is_hidden(character):
            raise InputError(
                _("This holds a character that cannot be seen (%(code)s).")
                % {"code": f"U+{ord(character):04X}"},
                field=field,
                code="hidden-character",
            )
    return text


def is_hidden(character: str) -> bool:
    """Answer whether a character shows nothing, or nothing that is agreed upon."""
    if character.isascii():
        return not character.isprintable()
    if is_ideograph(character):
        return False
    category = unicodedata.category(character)
    return (
        category.startswith("C")
        or category in {"Zl", "Zp"}
        or character in FILLERS
        or is_variation_selector(character)
    )


def is_ideograph(character: str) -> bool:
    """
    Answer whether a character lies where Unicode keeps Chinese characters.

    Rare characters in names are still being added; Python knows only those of its own
    Unicode version and would call the newer ones unassigned.
    """
    code = ord(character)
    return (
        0x3400 <= code <= 0x4DBF
        or 0x4E00 <= code <= 0x9FFF
        or (0x20000 <= code <= 0x3FFFF and code & 0xFFFF < 0xFFFE)
        or code == 0x3007
    )


def is_variation_selector(character: str) -> bool:
    """Answer whether a character only changes how the one before it is drawn."""
    return (
        "\ufe00" <= character <= "\ufe0f"
        or "\u180b" <= character <= "\u180f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


class PlainText(CheckValidator):
    """Validates a line of plain text, for forms, models and serializers."""

    check = staticmethod(check_plain_text)
