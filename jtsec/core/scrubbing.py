"""
Personal values taken out of text that nobody wrote for readers: log lines, tracebacks.

Two nets. Values of masked fields that the present request loaded or saved are known
word for word, names and addresses among them, and are replaced wherever they stand.
Numbers that nobody loaded, such as one typed into a form, are found by their form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from .context import current
from .masking import MaskedText, mask_bank_card, mask_id_number, mask_phone, mask_plate

MOST: Final = 5000
"""Values of one request that are remembered; then the oldest is forgotten."""

SHORTEST: Final = 2
_EDGE, _END = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_ID = re.compile(
    rf"{_EDGE}[1-9]\d{{5}}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    rf"\d{{3}}[0-9Xx]{_END}",
    re.ASCII,
)
_CARD = re.compile(
    rf"{_EDGE}[3-6]\d{{3}}(?:[ -]?\d{{4}}){{3}}\d{{0,3}}{_END}", re.ASCII
)
_PHONE = re.compile(
    rf"{_EDGE}(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}{_END}", re.ASCII
)
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]"
    "[A-Z][·•]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"
)


def remember(value: str, masked: MaskedText) -> None:
    """
    Note a value that must not be read in this request's logs and errors.

    Args:
        value: the clear value.
        masked: what stands for it.
    """
    if len(value) < SHORTEST or value == masked:
        return
    known = current().known_values
    if len(known) >= MOST:
        del known[next(iter(known))]
    known[value] = masked


def scrub(text: str) -> str:
    """Return a text without the personal values that are known or recognised."""
    known = current().known_values
    # The longest first: a name may be the beginning of another.
    for value in sorted((one for one in known if one in text), key=len, reverse=True):
        text = text.replace(value, known[value])
    for pattern, replace in _PATTERNS:
        text = pattern.sub(replace, text)
    return text


def _by(masked: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
    return lambda found: masked(found[0])


def _card(found: re.Match[str]) -> str:
    """Mask a number that passes the check of cards; others are counters and times."""
    digits = [int(one) for one in found[0] if one.isdigit()]
    doubled = (2 * one - 9 * (one > 4) for one in digits[-2::-2])
    is_card = (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
    return mask_bank_card(found[0]) if is_card else found[0]


_PATTERNS: Final = (
    (_ID, _by(mask_id_number)),
    (_CARD, _card),
    (_PHONE, _by(mask_phone)),
    (_PLATE, _by(mask_plate)),
)
