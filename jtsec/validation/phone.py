"""Telephone numbers of the mainland: mobile ones, and fixed ones with their area."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError

from .confusables import require_plain_letters
from .text import require_text
from .validator import CheckValidator

TYPED_LIMIT: Final = 64
MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
FIXED: Final = re.compile(
    # Beijing and the 02 cities have an area of three digits, others of four.
    r"(0(?:10|2[0-9]|[3-9][0-9]{2}))-?([2-9][0-9]{2,3})-?([0-9]{4})"
    r"(?:[x-]([0-9]{1,6}))?"
)
_WRITTEN: Final = re.compile(r"\+?[0-9() x-]+")
_COUNTRY: Final = re.compile(r"\A(?:(?:\+|00)86-?|86(?=1[3-9][0-9]{9}\Z))")


def check_mobile(value: object, field: str = "phone") -> str:
    """
    Return a mobile number as eleven digits.

    Raises:
        InputError: it is none; 86 before it, and spaces or hyphens in it, are taken.
    """
    text = _digits(value, field)[0].replace("-", "")
    if not MOBILE.fullmatch(text):
        raise InputError(
            _("A mobile number has 11 digits and begins with 13 to 19."),
            field=field,
            code="form",
        )
    return text


def check_phone(value: object, field: str = "phone") -> str:
    """
    Return a mobile number, or a fixed one as area-number or area-number-extension.

    Raises:
        InputError: it is neither.
    """
    text, has_country = _digits(value, field)
    if MOBILE.fullmatch(text.replace("-", "")):
        return text.replace("-", "")
    if has_country and not text.startswith("0"):
        text = f"0{text}"  # from abroad the area is written without it
    found = FIXED.fullmatch(text)
    if found is None:
        raise InputError(
            _("Write a mobile number, or a fixed one with its area: 010-65432100."),
            field=field,
            code="form",
        )
    area, first, last, extension = found.groups()
    return "-".join(part for part in (area, first + last, extension) if part)


def _digits(value: object, field: str) -> tuple[str, bool]:
    """Return what was typed without country, brackets, spaces; and if it had one."""
    typed = require_text(value, field=field, max_length=TYPED_LIMIT).strip(" ")
    text = require_plain_letters(typed, field)
    if not _WRITTEN.fullmatch(text):
        return "", False
    bare = re.sub("[ ()]", "", text)
    local = _COUNTRY.sub("", bare)
    return local, local != bare


class Mobile(CheckValidator):
    """Validates a mobile number, for forms, models and serializers."""

    check = staticmethod(check_mobile)


class Phone(CheckValidator):
    """Validates a mobile or fixed number, for forms, models and serializers."""

    check = staticmethod(check_phone)
