"""
Resident ID numbers (GB 11643-1999): region, birth date, sequence, check character.

Besides those of citizens there are the residence permits of Hong Kong, Macao and
Taiwan (regions 81, 82 and 83), and, where `JTSEC_VALIDATION_FOREIGN_RESIDENT_IDS` says
so, the permanent residence of foreigners (first digit 9).
"""

from __future__ import annotations

import re
from datetime import date, timedelta, timezone
from typing import Final

from django.utils.translation import gettext as _

from jtsec.core.clock import now
from jtsec.core.exceptions import InputError
from jtsec.core.masking import mask

from .conf import validation_settings
from .text import require_text
from .validator import CheckValidator

LENGTH: Final = 18
PADDED: Final = 64
LONGEST_LIFE: Final = 130
CHINA: Final = timezone(timedelta(hours=8))

FORM: Final = re.compile(r"[0-9]{17}[0-9X]")
PROVINCES: Final = frozenset(
    str(code)
    for first, last in (
        (11, 15),  # the north
        (21, 23),  # the north-east
        (31, 37),  # the east
        (41, 46),  # the middle and south
        (50, 54),  # the south-west
        (61, 65),  # the north-west
        (71, 71),  # Taiwan
        (81, 83),  # residence permits: Hong Kong, Macao, Taiwan
    )
    for code in range(first, last + 1)
)
FOREIGN: Final = "9"

WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS: Final = "10X98765432"


def check_resident_id(value: object, field: str = "resident_id") -> str:
    """
    Return a resident ID number in its normal form, the last character X upper case.

    Args:
        value: what was sent.
        field: the field it was sent for.

    Raises:
        InputError: length, form, region, birth date or check character is wrong; the
            code says which.
    """
    text = require_text(value, field=field, max_length=PADDED).strip(" ")
    if any(one.isdigit() and not one.isascii() for one in text):
        raise InputError(
            _("Write the ID number with half-width digits."), field=field, code="width"
        )
    if text[-1:] == "x":
        text = text[:-1] + "X"
    if not FORM.fullmatch(text):
        raise InputError(
            _("An ID number has 18 digits; the last may be X."),
            field=field,
            code="form",
        )
    _require_region(text, field)
    _require_birth_date(text, field)
    if text[-1] != check_character(text[:17]):
        raise InputError(
            _("The last character of the ID number does not match the others."),
            field=field,
            code="check-character",
        )
    return text


def check_character(digits: str) -> str:
    """Return the check character of the first 17 digits (ISO 7064, MOD 11-2)."""
    total = sum(
        weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)
    )
    return CHECK_CHARACTERS[total % 11]


def masked(text: str) -> str:
    """Return an ID number fit for a screen or a log: three first, four last."""
    return str(mask("id_number", text))


def _require_region(text: str, field: str) -> None:
    if text[0] == FOREIGN:
        known = validation_settings().foreign_resident_ids and text[1:3] in PROVINCES
    else:
        known = text[:2] in PROVINCES
    if not known:
        raise InputError(
            _("The ID number begins with a region that does not exist."),
            field=field,
            code="region",
        )


def _require_birth_date(text: str, field: str) -> None:
    # In China's zone: a server that runs on UTC is a day behind every morning.
    today = now().astimezone(CHINA).date()
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise InputError(
            _("The birth date in the ID number does not exist."),
            field=field,
            code="birth-date",
        ) from None
    if born > today or today.year - born.year > LONGEST_LIFE:
        raise InputError(
            _("The birth date in the ID number cannot be that of a living person."),
            field=field,
            code="birth-date",
        )


class ResidentId(CheckValidator):
    """Validates a resident ID number, for forms, models and serializers."""

    check = staticmethod(check_resident_id)
