"""Police and employee numbers, in the form the place has given them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError

from .conf import validation_settings
from .text import require_text
from .validator import CheckValidator

MAX_LENGTH: Final = 64
"""Also bounds what a project's own expression may be made to chew on."""


def check_police_number(value: object, field: str = "number") -> str:
    """
    Return a police number without surrounding space.

    Raises:
        InputError: it does not match `JTSEC_VALIDATION_POLICE_NUMBER_PATTERN`.
    """
    text = _plain(value, field)
    if not _compiled(validation_settings().police_number_pattern).fullmatch(text):
        raise InputError(
            _("This is not the form of a police number."), field=field, code="form"
        )
    return text


def check_employee_number(value: object, field: str = "number") -> str:
    """
    Return the number of somebody who is no police officer, in capitals.

    Raises:
        InputError: it does not match `JTSEC_VALIDATION_EMPLOYEE_NUMBER_PATTERN`.
    """
    text = _plain(value, field).upper()
    if not _compiled(validation_settings().employee_number_pattern).fullmatch(text):
        raise InputError(
            _("This is not the form of an employee number."), field=field, code="form"
        )
    return text


def _plain(value: object, field: str) -> str:
    text = require_text(value, field=field, max_length=MAX_LENGTH).strip(" ")
    if not text.isascii() or not text.isprintable():
        raise InputError(
            _("Write the number with half-width letters and digits."),
            field=field,
            code="width",
        )
    return text


@lru_cache(maxsize=8)
def _compiled(expression: str) -> re.Pattern[str]:
    # ASCII: otherwise \d takes the digits of forty scripts.
    return re.compile(expression, re.ASCII)


class PoliceNumber(CheckValidator):
    """Validates a police number, for forms, models and serializers."""

    check = staticmethod(check_police_number)


class EmployeeNumber(CheckValidator):
    """Validates an employee number, for forms, models and serializers."""

    check = staticmethod(check_employee_number)
