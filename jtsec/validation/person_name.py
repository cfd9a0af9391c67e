"""Names of people: Chinese ones, and those with a dot, a space or a hyphen inside."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError

from .text import check_plain_text, is_ideograph
from .validator import CheckValidator

SHORTEST: Final = 2
LONGEST: Final = 50
MIDDLE_DOT: Final = "·"
SEPARATORS: Final = frozenset(f"{MIDDLE_DOT} -")
_DOTS: Final = str.maketrans(dict.fromkeys("•‧・⋅∙", MIDDLE_DOT))
_MISPLACED: Final = re.compile(
    rf"\A[{MIDDLE_DOT} -]|[{MIDDLE_DOT} -]\Z|[{MIDDLE_DOT} -]{{2}}"
)


def check_person_name(value: object, field: str = "name") -> str:
    """
    Return a name in its normal form: NFKC, one kind of middle dot.

    Args:
        value: what was sent.
        field: the field it was sent for.

    Raises:
        InputError: it has fewer than 2 or more than 50 characters, a character that
            is no letter, Chinese character, middle dot, space or hyphen, or one of
            the last three at an end or twice in a row.
    """
    text = check_plain_text(value, field, max_length=LONGEST * 2)
    name = unicodedata.normalize("NFKC", text).strip().translate(_DOTS)
    if not SHORTEST <= len(name) <= LONGEST:
        raise InputError(
            _("A name has %(shortest)d to %(longest)d characters.")
            % {"shortest": SHORTEST, "longest": LONGEST},
            field=field,
            code="length",
        )
    for character in name:
        if not _may_stand_in_a_name(character):
            raise InputError(
                _("A name cannot hold %(character)s.") % {"character": character},
                field=field,
                code="character",
            )
    if _MISPLACED.search(name):
        raise InputError(
            _("A dot, space or hyphen stands between two parts of a name."),
            field=field,
            code="separator",
        )
    return name


def _may_stand_in_a_name(character: str) -> bool:
    return (
        character in SEPARATORS
        or is_ideograph(character)
        or unicodedata.category(character).startswith("L")
    )


class PersonName(CheckValidator):
    """Validates a name, for forms, models and serializers."""

    check = staticmethod(check_person_name)
