"""Kinds of number plates, as the interfaces code them (GA/T 16.7)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from jtsec.core.exceptions import InputError

from .text import require_text
from .validator import CheckValidator


class PlateKind(models.TextChoices):
    """The two-digit codes; serves as `choices` of a field."""

    LARGE = "01", _lazy("Large vehicle")
    SMALL = "02", _lazy("Small vehicle")
    EMBASSY = "03", _lazy("Embassy vehicle")
    CONSULATE = "04", _lazy("Consulate vehicle")
    OVERSEAS = "05", _lazy("Vehicle from overseas")
    FOREIGN = "06", _lazy("Vehicle of a foreigner")
    MOTORCYCLE = "07", _lazy("Motorcycle")
    MOPED = "08", _lazy("Moped")
    EMBASSY_MOTORCYCLE = "09", _lazy("Embassy motorcycle")
    CONSULATE_MOTORCYCLE = "10", _lazy("Consulate motorcycle")
    OVERSEAS_MOTORCYCLE = "11", _lazy("Motorcycle from overseas")
    FOREIGN_MOTORCYCLE = "12", _lazy("Motorcycle of a foreigner")
    LOW_SPEED = "13", _lazy("Low-speed vehicle")
    TRACTOR = "14", _lazy("Tractor")
    TRAILER = "15", _lazy("Trailer")
    TRAINING = "16", _lazy("Training vehicle")
    TRAINING_MOTORCYCLE = "17", _lazy("Training motorcycle")
    TEST = "18", _lazy("Test vehicle")
    TEST_MOTORCYCLE = "19", _lazy("Test motorcycle")
    TEMPORARY_ENTRY = "20", _lazy("Temporary entry, vehicle")
    TEMPORARY_ENTRY_MOTORCYCLE = "21", _lazy("Temporary entry, motorcycle")
    TEMPORARY = "22", _lazy("Temporary plate")
    POLICE = "23", _lazy("Police vehicle")
    POLICE_MOTORCYCLE = "24", _lazy("Police motorcycle")
    FARM = "25", _lazy("Former farm machine")
    HONG_KONG = "26", _lazy("Hong Kong, entry and exit")
    MACAO = "27", _lazy("Macao, entry and exit")
    ARMED_POLICE = "31", _lazy("Armed police")
    ARMY = "32", _lazy("Army")
    WITHOUT_PLATE = "41", _lazy("Without a plate")
    FORGED = "42", _lazy("Forged plate")
    MISUSED = "43", _lazy("Plate of another vehicle")
    LARGE_NEW_ENERGY = "51", _lazy("Large new-energy vehicle")
    SMALL_NEW_ENERGY = "52", _lazy("Small new-energy vehicle")
    OTHER = "99", _lazy("Other plate")


def check_plate_kind(value: object, field: str = "plate_kind") -> str:
    """
    Return the code of a kind of plates.

    Raises:
        InputError: it is none of the two-digit codes.
    """
    text = require_text(value, field=field, max_length=64).strip(" ")
    if text not in PlateKind.values:
        raise InputError(
            _("There is no such kind of plates."), field=field, code="kind"
        )
    return text


class PlateKindCode(CheckValidator):
    """Validates the code of a kind of plates, for forms, models and serializers."""

    check = staticmethod(check_plate_kind)
