"""Driving licences: the classes of vehicles they are for, the number of their file."""

from __future__ import annotations

import re
from typing import Final

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from jtsec.core.exceptions import InputError

from .confusables import require_plain_letters
from .text import require_text
from .validator import CheckValidator

FILE_NUMBER: Final = re.compile(r"[0-9]{12}")
_BETWEEN: Final = re.compile(r"[ ,，、/]+")
_CLASS: Final = re.compile(r"A[1-3]|B[12]|C[1-6]|[DEFMNP]")


class LicenceClass(models.TextChoices):
    """The classes, from the largest vehicles down; serves as `choices` of a field."""

    A1 = "A1", _lazy("Large bus")
    A2 = "A2", _lazy("Heavy tractor-trailer")
    A3 = "A3", _lazy("City bus")
    B1 = "B1", _lazy("Medium bus")
    B2 = "B2", _lazy("Large truck")
    C1 = "C1", _lazy("Small car")
    C2 = "C2", _lazy("Small car, automatic")
    C3 = "C3", _lazy("Low-speed truck")
    C4 = "C4", _lazy("Three-wheeled vehicle")
    C5 = "C5", _lazy("Small car, automatic, adapted for a disabled driver")
    C6 = "C6", _lazy("Light tractor-trailer")
    D = "D", _lazy("Three-wheeled motorcycle")
    E = "E", _lazy("Two-wheeled motorcycle")
    F = "F", _lazy("Light motorcycle")
    M = "M", _lazy("Wheeled special machine")
    N = "N", _lazy("Trolleybus")
    P = "P", _lazy("Tram")


def check_licence_class(value: object, field: str = "licence_class") -> str:
    """
    Return the classes of a licence as it is printed: in order, nothing between.

    Args:
        value: one class or several, such as "A2D" or "a2, d".
        field: the field it was sent for.

    Raises:
        InputError: one of them is no class, or stands twice.
    """
    typed = require_text(value, field=field, max_length=64).strip(" ")
    text = _BETWEEN.sub("", require_plain_letters(typed, field).upper())
    classes = _CLASS.findall(text)
    if not classes or "".join(classes) != text:
        raise InputError(
            _("This is no class of driving licences, such as C1 or A2D."),
            field=field,
            code="form",
        )
    if len(set(classes)) < len(classes):
        raise InputError(
            _("A class of driving licences stands twice."), field=field, code="twice"
        )
    return "".join(one for one in LicenceClass.values if one in classes)


def check_licence_file_number(value: object, field: str = "file_number") -> str:
    """
    Return the number of a driver's file without surrounding space.

    Raises:
        InputError: it is not twelve half-width digits.
    """
    typed = require_text(value, field=field, max_length=64).strip(" ")
    text = require_plain_letters(typed, field)
    if not FILE_NUMBER.fullmatch(text):
        raise InputError(
            _("The number of a driver's file has 12 digits."), field=field, code="form"
        )
    return text


class DrivingLicenceClass(CheckValidator):
    """Validates classes of a licence, for forms, models and serializers."""

    check = staticmethod(check_licence_class)


class LicenceFileNumber(CheckValidator):
    """Validates the number of a driver's file, for forms, models and serializers."""

    check = staticmethod(check_licence_file_number)
