"""
The SM2 curve (GB/T 32918.5-2017): its numbers, and what must hold of a point or scalar.

Everything here works on public values or is a range check; the arithmetic with secret
scalars is the business of the providers.
"""

from __future__ import annotations

from typing import Final

from jtsec.crypto import sm3
from jtsec.crypto.exceptions import InvalidInput

P: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A: Final = P - 3
B: Final = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
GX: Final = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
GY: Final = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0

DEFAULT_IDENT: Final = b"1234567812345678"

_PARAMETERS: Final = b"".join(v.to_bytes(32, "big") for v in (A, B, GX, GY))


def is_on_curve(x: int, y: int) -> bool:
    """
    Says whether (x, y) is a point of the curve with both coordinates below p.

    Infinity has no such coordinates and is never one. The cofactor is 1, so a point of
    the curve is also in the group; a point off it would let an attacker read a private
    key piece by piece from what decryption answers.
    """
    return 0 <= x < P and 0 <= y < P and (y * y - (x * x * x + A * x + B)) % P == 0


def is_private_scalar(d: int) -> bool:
    """Says whether d is in [1, n-2]; n-1 has no inverse of 1 + d to sign with."""
    return 1 <= d <= N - 2


def message_digest(x: int, y: int, message: bytes, ident: bytes) -> bytes:
    """
    Returns e = SM3(Z ‖ message), what is signed (GB/T 32918.2-2016, 5.5 and 6.1).

    Z binds the signature to the signer's name and key, so a signature cannot be moved
    to another key.

    Args:
        x: first coordinate of the signer's public key.
        y: second coordinate.
        message: any length.
        ident: the signer's distinguishing name, 0 to 8,191 bytes.

    Raises:
        InvalidInput: the name is longer than the standard can count in bits.
    """
    if len(ident) > 8191:
        raise InvalidInput("a signer's identifier has at most 8191 bytes")
    head = (8 * len(ident)).to_bytes(2, "big") + ident + _PARAMETERS
    z = sm3.digest(head + x.to_bytes(32, "big") + y.to_bytes(32, "big"))
    return sm3.digest(z + message)
