"""Codes of public security organisations (GA/T 380): twelve digits."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError

from .text import require_text
from .validator import CheckValidator

LENGTH: Final = 12
FORM: Final = re.compile(r"[0-9]{12}")


def check_organisation_code(value: object, field: str = "organisation") -> str:
    """
    Return an organisation code without surrounding space.

    Raises:
        InputError: it is not twelve half-width digits.
    """
    text = require_text(value, field=field, max_length=64).strip(" ")
    if not FORM.fullmatch(text):
        raise InputError(
            _("An organisation code has 12 half-width digits."),
            field=field,
            code="form",
        )
    return text


class OrganisationCode(CheckValidator):
    """Validates an organisation code, for forms, models and serializers."""

    check = staticmethod(check_organisation_code)
