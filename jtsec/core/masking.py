"""
How a personal value is shown to who need not know it: by kind, most of it as stars.

    mask("phone", "13912345678")      139****5678

What is not of a kind's form is starred whole: a value that was typed wrongly, or is of
another kind than declared, is no less personal. Plain Python, so that every control
can mask what it logs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from .exceptions import ConfigurationError

STAR: Final = "*"
LONGEST: Final = 18
"""Stars at most where a value is starred whole: its length is told to nobody."""

ID_NUMBER: Final = 18
LONGEST_NAME: Final = 8

# Down to the district; what follows leads to the door. A name that holds one of the
# signs of a street or an estate is no district, as in 人民路小区.
DISTRICT: Final = re.compile(
    r"(?:[\u4e00-\u9fff]{2,6}?(?:省|自治区|特别行政区))?"
    r"(?:[\u4e00-\u9fff]{1,9}?(?:自治州|地区|盟|市))?"
    r"(?:(?:(?![路街巷弄号村镇乡小社园])[\u4e00-\u9fff]){1,7}?(?:自治县|新区|区|县|旗|市))?"
)


class MaskedText(str):
    """A value that is masked already; masking it once more changes nothing."""

    __slots__ = ()


def mask(kind: str, value: Any) -> MaskedText:
    """
    Return a value as it may be shown (clause T7.2).

    Args:
        kind: one of `KINDS`.
        value: text, or what `str` makes text of; None and "" stay "".

    Raises:
        ConfigurationError: there is no such kind.
    """
    if isinstance(value, MaskedText):
        return value
    by_kind = KINDS.get(kind)
    if by_kind is None:
        raise ConfigurationError(f"no kind of masking {kind!r}: {', '.join(KINDS)}")
    text = "" if value is None else str(value)
    return MaskedText(by_kind(text) if text else "")


def mask_whole(text: str) -> str:
    """Return stars, no more than tell nothing of a long value's length."""
    return STAR * min(len(text), LONGEST)


def mask_name(text: str) -> str:
    """Return the first character: 张**."""
    text = text.strip()
    return text[:1] + STAR * min(len(text) - 1, LONGEST_NAME) if text[1:] else STAR


def mask_id_number(text: str) -> str:
    """Return the first three and the last four characters of an ID number."""
    if len(text) != ID_NUMBER:
        return mask_whole(text)
    return text[:3] + STAR * (ID_NUMBER - 7) + text[-4:]


def mask_phone(text: str) -> str:
    """Return the first three and the last four digits; of a short number the last two.

    Spaces, hyphens and the code of the country are left out.
    """
    digits = "".join(filter(str.isdecimal, text))
    if len(digits) > 12 and digits.removeprefix("00").startswith("86"):
        digits = digits.removeprefix("00")[2:]
    if len(digits) >= 11:
        return digits[:3] + STAR * (min(len(digits), LONGEST) - 7) + digits[-4:]
    if len(digits) >= 7:
        return STAR * (len(digits) - 2) + digits[-2:]
    return mask_whole(text)


def mask_address(text: str) -> str:
    """Return province, city and district; stars, of one number, for the rest."""
    found = DISTRICT.match(text)
    return (found[0] if found else "") + STAR * 4


def mask_plate(text: str) -> str:
    """Return the first two and the last two characters: 苏A***45."""
    plate = "".join(one for one in text if one.isalnum())
    if not 6 <= len(plate) <= 10:
        return mask_whole(text)
    return plate[:2] + STAR * (len(plate) - 4) + plate[-2:]


def mask_bank_card(text: str) -> str:
    """Return the last four digits."""
    digits = "".join(filter(str.isdecimal, text))
    if len(digits) < 12:
        return mask_whole(text)
    return STAR * (min(len(digits), 19) - 4) + digits[-4:]


KINDS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "name": mask_name,
        "id_number": mask_id_number,
        "phone": mask_phone,
        "address": mask_address,
        "plate": mask_plate,
        "bank_card": mask_bank_card,
        "whole": mask_whole,
    }
)
"""By the name that declarations use."""
