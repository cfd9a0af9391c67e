"""
What a password is made of: length, kinds of characters, nothing invisible (A3.2.3).

A letter, a digit and a symbol together are three of the four classes that P37 counts
(capital letters, small letters, digits, symbols), so one rule serves both clauses.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from .binding import MAX_BYTES
from .conf import authentication_settings
from .hashers import password_bytes

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Fault(NamedTuple):
    """One thing a password lacks or must not have."""

    code: str
    message: _StrPromise
    params: dict[str, int]


class Kind(NamedTuple):
    """One kind of character that must be there."""

    code: str
    message: _StrPromise
    holds: Callable[[str], bool]


def is_letter(character: str) -> bool:
    """Answer whether it is one of A to Z or a to z."""
    return character.isascii() and character.isalpha()


def is_digit(character: str) -> bool:
    """Answer whether it is one of 0 to 9."""
    return character.isascii() and character.isdigit()


def is_symbol(character: str) -> bool:
    """Answer whether it is punctuation or a sign, of any script; a space is none."""
    return unicodedata.category(character)[0] in "PS"


KINDS: Final = (
    Kind("password_no_letter", _("The password lacks a letter (a–z, A–Z)."), is_letter),
    Kind("password_no_digit", _("The password lacks a digit (0–9)."), is_digit),
    Kind(
        "password_no_symbol",
        _("The password lacks a symbol, such as ! @ # or $."),
        is_symbol,
    ),
)

_TOO_SHORT: Final = ngettext_lazy(
    "The password is too short: it has fewer than %(min_length)d character.",
    "The password is too short: it has fewer than %(min_length)d characters.",
    "min_length",
)
_TOO_LONG: Final = _("The password is longer than %(max_bytes)d bytes.")
_INVISIBLE: Final = _("The password holds a control or invisible character.")


def faults_of(password: str) -> list[Fault]:
    """
    Return everything that is wrong with a password's form, each thing by its name.

    Args:
        password: of any length and content.

    Returns:
        One entry a fault; an overlong one is not looked at any further.
    """
    if password_bytes(password) is None:
        if len(password) > MAX_BYTES or _is_text(password):
            too_long = {"max_bytes": MAX_BYTES}
            return [Fault("password_too_long", _TOO_LONG, too_long)]
        return [Fault("password_invisible", _INVISIBLE, {})]
    return list(_faults(password))


def require_good_form(password: str) -> None:
    """
    Refuse a password that breaks the rules of form, on every way it is set (A3.2.3).

    Forms and commands validate before; a line of code that calls `set_password` does
    not, and is refused here.

    Raises:
        django.core.exceptions.ValidationError: names each rule it breaks.
    """
    found = faults_of(password)
    if found:
        raise ValidationError(
            [
                ValidationError(one.message, code=one.code, params=one.params)
                for one in found
            ]
        )


def _faults(password: str) -> Iterator[Fault]:
    if any(unicodedata.category(one) in {"Cc", "Cf"} for one in password):
        yield Fault("password_invisible", _INVISIBLE, {})
    shortest = authentication_settings().password_min_length
    if len(password) < shortest:
        yield Fault("password_too_short", _TOO_SHORT, {"min_length": shortest})
    for kind in KINDS:
        if not any(kind.holds(one) for one in password):
            yield Fault(kind.code, kind.message, {})


def _is_text(password: str) -> bool:
    return not any(unicodedata.category(one) == "Cs" for one in password)
