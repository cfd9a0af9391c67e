"""
Number plates, in the form that their kind has.

Kinds whose form is plain from the plates of every province are held to it. The forms of
the others (diplomats, farm machines, temporary plates) differ by year and place; they
are held to the characters and the length that the interfaces take, since a rule too
narrow turns away a vehicle that exists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError

from .confusables import require_plain_letters
from .plate_kinds import PlateKind, check_plate_kind
from .text import require_text
from .validator import CheckValidator

TYPED_LIMIT: Final = 64
WITHOUT: Final = "-"
"""Stands for the number of a vehicle without a plate."""

PROVINCES: Final = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
ENDINGS: Final = "挂学试警领使港澳超临"
_SERIAL: Final = "[A-HJ-NP-Z0-9]"
# D and F came first; since 2018 A to E are electric, F to K are not; I is in no plate.
_NEW_ENERGY: Final = "[A-HJK]"
_PLACE: Final = f"[{PROVINCES}][A-Z]"
_SEPARATED: Final = re.compile(rf"\A([{PROVINCES}][A-Za-z])[·•・‧∙ ](?=.)")

ORDINARY: Final = f"{_PLACE}{_SERIAL}{{5}}"
LARGE_NEW_ENERGY: Final = f"{_PLACE}[0-9]{{5}}{_NEW_ENERGY}"
SMALL_NEW_ENERGY: Final = f"{_PLACE}{_NEW_ENERGY}{_SERIAL}[0-9]{{4}}"
LOOSE: Final = f"(?=.*[0-9])[{PROVINCES}{ENDINGS}A-Z0-9]{{6,9}}"


def _ending(sign: str) -> str:
    return f"{_PLACE}{_SERIAL}{{4}}{sign}"


_OF_KIND: Final[Mapping[str, str]] = {
    PlateKind.LARGE: ORDINARY,
    PlateKind.SMALL: ORDINARY,
    PlateKind.MOTORCYCLE: ORDINARY,
    PlateKind.MOPED: ORDINARY,
    PlateKind.LOW_SPEED: ORDINARY,
    PlateKind.TRAILER: _ending("挂"),
    PlateKind.TRAINING: _ending("学"),
    PlateKind.TRAINING_MOTORCYCLE: _ending("学"),
    PlateKind.POLICE: _ending("警"),
    PlateKind.POLICE_MOTORCYCLE: _ending("警"),
    PlateKind.HONG_KONG: f"粤Z{_SERIAL}{{4}}港",
    PlateKind.MACAO: f"粤Z{_SERIAL}{{4}}澳",
    PlateKind.ARMED_POLICE: f"WJ[{PROVINCES}]?[0-9A-Z]{{5}}|WJ[0-9]{{2}}[0-9A-Z]{{5}}",
    PlateKind.ARMY: "[A-Z]{2}[0-9A-Z]{5}",
    PlateKind.WITHOUT_PLATE: WITHOUT,
    PlateKind.LARGE_NEW_ENERGY: LARGE_NEW_ENERGY,
    PlateKind.SMALL_NEW_ENERGY: SMALL_NEW_ENERGY,
}
FORMS: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {kind: re.compile(_OF_KIND.get(kind, LOOSE)) for kind in PlateKind.values}
)
"""What a plate of each kind looks like."""

_USUAL: Final = re.compile(
    "|".join(
        (
            *(ORDINARY, LARGE_NEW_ENERGY, SMALL_NEW_ENERGY),
            *(_ending(f"[{ENDINGS}]"), f"{ORDINARY}临"),
            _OF_KIND[PlateKind.ARMED_POLICE],
            _OF_KIND[PlateKind.ARMY],
            "[0-9]{6}使|使[0-9]{6}",
        )
    )
)


def check_plate(value: object, field: str = "plate", *, kind: str = "") -> str:
    """
    Return a plate in its normal form: capitals, without the dot and spaces around.

    Args:
        value: what was sent.
        field: the field it was sent for.
        kind: the code of the kind of plates it is said to be; where none is given, any
            form that a road vehicle's plate has.

    Raises:
        InputError: it is not the form of a plate, or not of that kind; or the kind is
            none, under the field "plate_kind".
    """
    typed = require_text(value, field=field, max_length=TYPED_LIMIT).strip(" ")
    text = _SEPARATED.sub(r"\1", require_plain_letters(typed, field)).upper()
    if kind:
        if not FORMS[check_plate_kind(kind)].fullmatch(text):
            raise InputError(
                _("A plate of the kind “%(kind)s” does not look like this.")
                % {"kind": PlateKind(kind).label},
                field=field,
                code="kind",
            )
    elif not _USUAL.fullmatch(text):
        raise InputError(_sentence(text), field=field, code="form")
    return text


def _sentence(text: str) -> str:
    if re.search("[IO]", text[2:]) and text[:1] in PROVINCES:
        return _("The letters I and O stand on no plate; the digits 1 and 0 do.")
    return _("This is not the form of a number plate, such as 京A12345.")


class Plate(CheckValidator):
    """Validates a number plate of any kind, for forms, models and serializers."""

    check = staticmethod(check_plate)
