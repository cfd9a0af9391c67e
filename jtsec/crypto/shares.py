"""
A secret cut into shares: any `needed` of them give it back, fewer tell nothing.

Shamir's scheme, byte by byte over GF(256) with the polynomial of AES,
x^8 + x^4 + x^3 + x + 1. For each byte a polynomial of degree `needed` - 1 is drawn
whose value at 0 is the byte; share x holds the values at x. Whoever has fewer shares
finds every secret of that length equally likely; so a share says how long the secret
is, and nothing else.

The scheme alone does not notice a wrong share: the caller's secret has to tell whether
it is whole, as a key file does by its digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import urandom
from typing import Final

from jtsec.crypto.exceptions import InvalidInput

MOST: Final = 255
_POLYNOMIAL: Final = 0x11B


def _tables() -> tuple[bytes, bytes]:
    """Returns exp (twice, so that sums of two logarithms fit) and log to base 3."""
    exp, log, value = bytearray(510), bytearray(256), 1
    for power in range(255):
        exp[power] = exp[power + 255] = value
        log[value] = power
        value ^= value << 1  # times 3
        if value & 0x100:
            value ^= _POLYNOMIAL
    return bytes(exp), bytes(log)


_EXP, _LOG = _tables()


def split(secret: bytes, *, needed: int, total: int) -> dict[int, bytes]:
    """
    Returns shares by their number, 1 to `total`, each as long as the secret.

    Args:
        secret: what is cut up; not empty.
        needed: how many shares give it back; at least 2.
        total: how many there are; at most 255.

    Raises:
        InvalidInput: the numbers do not fit, or there is nothing to cut up.
    """
    if not secret:
        raise InvalidInput("there is no secret to cut up")
    if not 2 <= needed <= total <= MOST:
        raise InvalidInput("2 <= needed <= total <= 255")
    drawn = [secret, *(urandom(len(secret)) for _ in range(needed - 1))]
    return {x: _at(drawn, x) for x in range(1, total + 1)}


def combine(shares: Mapping[int, bytes]) -> bytes:
    """
    Returns the secret of at least as many shares as are needed; else something random.

    Args:
        shares: by their numbers, 1 to 255.

    Raises:
        InvalidInput: fewer than two, a number out of range, or unequal lengths.
    """
    numbers = [*shares]
    lengths = {len(one) for one in shares.values()}
    if len(numbers) < 2 or len(lengths) != 1:
        raise InvalidInput("at least two shares of one length")
    if not all(1 <= number <= MOST for number in numbers):
        raise InvalidInput("a share has a number from 1 to 255")
    secret = bytes(lengths.pop())
    for number in numbers:
        factor = 1
        for other in numbers:
            if other != number:
                factor = _times(factor, _over(other, other ^ number))
        secret = _sum(secret, _scaled(shares[number], factor))
    return secret


def _at(coefficients: list[bytes], x: int) -> bytes:
    """Returns the values at x of the polynomials whose coefficients these are."""
    value = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        value = _sum(_scaled(value, x), coefficient)
    return value


def _scaled(values: bytes, factor: int) -> bytes:
    return values.translate(bytes(_times(one, factor) for one in range(256)))


def _sum(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _times(a: int, b: int) -> int:
    return _EXP[_LOG[a] + _LOG[b]] if a and b else 0


def _over(a: int, b: int) -> int:
    return _EXP[_LOG[a] + 255 - _LOG[b]] if a else 0
