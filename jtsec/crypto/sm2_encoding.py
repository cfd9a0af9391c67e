"""
SM2 signatures and ciphertexts as bytes, in DER (GM/T 0009-2012) and raw.

    SM2Signature ::= SEQUENCE { r INTEGER, s INTEGER }
    SM2Cipher    ::= SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING (32),
                                cipherText OCTET STRING }
    raw signature    r (32) ‖ s (32)
    raw ciphertext   04 ‖ x (32) ‖ y (32) ‖ C3 (32) ‖ C2

Some systems leave the 04 out. A coordinate may itself begin with 04, so nothing here
guesses: the caller says which of the two it has.
"""

from __future__ import annotations

from jtsec.crypto import der
from jtsec.crypto.der import MalformedDer
from jtsec.crypto.sm2_contract import SealedParts

_HEAD = 64 + 32


def encode_signature(r: int, s: int) -> bytes:
    """Returns the DER form of a signature."""
    return der.encode_sequence(der.encode_integer(r), der.encode_integer(s))


def decode_signature(data: bytes) -> tuple[int, int]:
    """Returns (r, s), ranges not yet checked, or raises `MalformedDer`."""
    reader = der.Reader(data)
    pair = reader.sequence()
    reader.end()
    r, s = pair.integer(), pair.integer()
    pair.end()
    return r, s


def encode_sealed(parts: SealedParts) -> bytes:
    """Returns the DER form of a ciphertext."""
    return der.encode_sequence(
        der.encode_integer(parts.x),
        der.encode_integer(parts.y),
        der.encode(der.OCTET_STRING, parts.c3),
        der.encode(der.OCTET_STRING, parts.c2),
    )


def decode_sealed(data: bytes) -> SealedParts:
    """Returns the parts, point not yet checked, or raises `MalformedDer`."""
    reader = der.Reader(data)
    body = reader.sequence()
    reader.end()
    parts = SealedParts(body.integer(), body.integer(), body.octets(), body.octets())
    body.end()
    if len(parts.c3) != 32 or not parts.c2:
        raise MalformedDer("C3 has 32 bytes and C2 at least one")
    return parts


def encode_sealed_raw(parts: SealedParts, *, prefix: bool) -> bytes:
    """Returns C1 ‖ C3 ‖ C2, with or without the 04 that marks a plain point."""
    point = parts.x.to_bytes(32, "big") + parts.y.to_bytes(32, "big")
    return (b"\x04" if prefix else b"") + point + parts.c3 + parts.c2


def decode_sealed_raw(data: bytes, *, prefix: bool) -> SealedParts:
    """Returns the parts, point not yet checked, or raises `MalformedDer`."""
    if prefix:
        if data[:1] != b"\x04":
            raise MalformedDer("C1 does not begin with 04")
        data = data[1:]
    if len(data) <= _HEAD:
        raise MalformedDer("shorter than C1, C3 and one byte")
    x, y = int.from_bytes(data[:32], "big"), int.from_bytes(data[32:64], "big")
    return SealedParts(x, y, data[64:_HEAD], data[_HEAD:])
