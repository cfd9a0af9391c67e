"""
Vehicle identification numbers (GB 16735): 17 characters, the ninth a check character.

Vehicles made for markets that do not use the check character carry something else in
its place, so by default it is reported, not demanded; see
`JTSEC_VALIDATION_VIN_CHECK_CHARACTER`.
"""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError

from .conf import validation_settings
from .confusables import require_plain_letters
from .text import require_text
from .validator import CheckValidator

LENGTH: Final = 17
FORM: Final = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VALUES: Final = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True)
) | {digit: int(digit) for digit in "0123456789"}
CHECKED_AT: Final = 8


def check_vin(value: object, field: str = "vin") -> str:
    """
    Return a vehicle identification number in capitals, without surrounding space.

    Raises:
        InputError: it has not 17 characters, holds I, O or Q, or, where the project
            demands it, its check character does not match.
    """
    typed = require_text(value, field=field, max_length=64).strip(" ")
    text = require_plain_letters(typed, field).upper()
    if not FORM.fullmatch(text):
        raise InputError(
            _("A VIN has 17 letters and digits, none of them I, O or Q."),
            field=field,
            code="form",
        )
    if validation_settings().vin_check_character and not is_vin_consistent(text):
        raise InputError(
            _("The ninth character of the VIN does not match the others."),
            field=field,
            code="check-character",
        )
    return text


def is_vin_consistent(vin: str) -> bool:
    """
    Answer whether the ninth character matches the others.

    Args:
        vin: in its normal form. Where the answer is no, have it read again; a vehicle
            for another market may still bear it.
    """
    return vin[CHECKED_AT] == check_character(vin)


def check_character(vin: str) -> str:
    """Return the check character of a number, whatever stands in its place."""
    total = sum(
        weight * VALUES[one] for weight, one in zip(WEIGHTS, vin, strict=True) if weight
    )
    return "0123456789X"[total % 11]


class Vin(CheckValidator):
    """Validates a VIN, for forms, models and serializers."""

    check = staticmethod(check_vin)
