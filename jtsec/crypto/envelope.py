"""
The versioned envelope around every ciphertext that jtsec stores or hands out.

    byte 0       version: B1
    byte 1       algorithm: 01 SM4-GCM, 02 SM2 with SM4-GCM
    byte 2       length of the key id, 1 to 64
    then         key id: ASCII letters, digits, dot, underscore, hyphen
    then         body

    body 01      nonce (12) ‖ ciphertext ‖ tag (16)
    body 02      length (2, big-endian) ‖ SM2Cipher (DER) of a fresh SM4 key ‖
                 nonce (12) ‖ ciphertext ‖ tag (16)

All that stands before the nonce is authenticated with the data, followed by what the
caller gave: `aad` for 01, `context` for 02. The head says its own length, so head and
`aad` cannot trade bytes. In 02 the key id is the first 16 digits of the recipient's
fingerprint, which tells "sealed to another key" from "altered".

B1 begins no UTF-8 text, no DER and no PEM: a plaintext left in a column is recognised.
The format is stable: a new one takes another version byte, and this stays readable.
"""

from __future__ import annotations

import re
from functools import lru_cache
from os import urandom
from typing import Final, NamedTuple

from jtsec.crypto import sm4
from jtsec.crypto.exceptions import (
    DecryptionFailed,
    InvalidInput,
    InvalidKey,
    UnknownFormat,
)
from jtsec.crypto.sm2 import PrivateKey, PublicKey
from jtsec.crypto.sm4 import Gcm, Turn

VERSION: Final = 0xB1
SM4_GCM: Final = 0x01
SM2_SM4_GCM: Final = 0x02
_FIXED: Final = 3
_KEY_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_FINGERPRINT_DIGITS: Final = 16


class Header(NamedTuple):
    """What an envelope says of itself; not to be believed before it was opened."""

    version: int
    algorithm: int
    key_id: str
    length: int


def read_header(blob: bytes) -> Header:
    """
    Returns the header of an envelope.

    Raises:
        UnknownFormat: not an envelope, cut short, or of an unknown version.
    """
    if len(blob) < _FIXED:
        raise UnknownFormat("shorter than the head of an envelope")
    return _parse_head(blob[: _FIXED + blob[2]])


# A process meets a handful of key ids and reads them millions of times.
@lru_cache(maxsize=256)
def _parse_head(head: bytes) -> Header:
    """Returns the header of exactly these bytes."""
    version, algorithm, size = head[:_FIXED]
    if version != VERSION:
        raise UnknownFormat(f"not an envelope of version {VERSION:#x}")
    if algorithm not in (SM4_GCM, SM2_SM4_GCM):
        raise UnknownFormat(f"the algorithm {algorithm:#x} of an envelope is unknown")
    key_id = head[_FIXED:]
    if len(key_id) != size or not _KEY_ID.fullmatch(key_id):
        raise UnknownFormat("the key id of an envelope is cut short or malformed")
    return Header(version, algorithm, key_id.decode("ascii"), len(head))


@lru_cache(maxsize=256)
def _make_head(algorithm: int, key_id: str) -> bytes:
    """Returns the head of an envelope."""
    name = key_id.encode("ascii", "replace")
    if not _KEY_ID.fullmatch(name):
        raise InvalidInput("a key id is 1 to 64 of A-Z a-z 0-9 . _ -")
    return bytes((VERSION, algorithm, len(name))) + name


def head(key_id: str) -> bytes:
    """Returns the first bytes of every envelope of algorithm 01 under a key."""
    return _make_head(SM4_GCM, key_id)


def seal_symmetric(key_id: str, gcm: Gcm, plaintext: bytes, aad: bytes) -> bytes:
    """
    Seals `plaintext` under a key of the ring.

    Args:
        key_id: names the key for who opens; public.
        gcm: the cipher under that key.
        plaintext: any length.
        aad: what the value belongs to, such as app.model.field.

    Returns:
        An envelope of algorithm 01.

    Raises:
        InvalidInput: the key id is not of the allowed form.
    """
    head = _make_head(SM4_GCM, key_id)
    return head + gcm.encrypt(plaintext, aad=head + aad)


def sealer(key_id: str, gcm: Gcm, aad: bytes) -> Turn:
    """
    Returns what does `seal_symmetric` for one value after another.

    Raises:
        InvalidInput: the key id is not of the allowed form.
    """
    head = _make_head(SM4_GCM, key_id)
    return gcm.sealer(head, head + aad)


def open_symmetric(blob: bytes, gcm: Gcm, aad: bytes) -> bytes:
    """
    Opens an envelope of algorithm 01 with the key its header names.

    Raises:
        UnknownFormat: not such an envelope.
        DecryptionFailed: altered, another key or another `aad`.
    """
    header = read_header(blob)
    if header.algorithm != SM4_GCM:
        raise UnknownFormat("the envelope is sealed to a public key")
    length = header.length
    return gcm.decrypt(blob[length:], aad=blob[:length] + aad)


def opener(header: Header, gcm: Gcm, aad: bytes) -> Turn:
    """
    Returns what does `open_symmetric` for one envelope after another.

    Args:
        header: that of the envelopes; the caller compares each one's head with it,
            or would only learn that the tag does not match.
        gcm: the cipher under the key it names.
        aad: as when sealing.

    Raises:
        UnknownFormat: not such an envelope.
    """
    if header.algorithm != SM4_GCM:
        raise UnknownFormat("the envelope is sealed to a public key")
    return gcm.opener(header.length, _make_head(SM4_GCM, header.key_id) + aad)


def seal_to(public_key: PublicKey, plaintext: bytes, *, context: bytes) -> bytes:
    """
    Seals `plaintext` so that only the holder of the private key can read it.

    Args:
        public_key: the recipient.
        plaintext: any length.
        context: what this is, the same when opening; public.

    Returns:
        An envelope of algorithm 02.
    """
    key = urandom(sm4.KEY_SIZE)
    wrapped = public_key.encrypt(key)
    head = _make_head(SM2_SM4_GCM, recipient_id(public_key))
    front = head + len(wrapped).to_bytes(2, "big") + wrapped
    return front + Gcm(key).encrypt(plaintext, aad=front + context)


def open_with(private_key: PrivateKey, blob: bytes, *, context: bytes) -> bytes:
    """
    Opens an envelope of algorithm 02.

    Raises:
        UnknownFormat: not such an envelope.
        DecryptionFailed: sealed to another key, altered, or another context.
    """
    header = read_header(blob)
    if header.algorithm != SM2_SM4_GCM:
        raise UnknownFormat("the envelope is not sealed to a public key")
    if header.key_id != recipient_id(private_key.public):
        raise DecryptionFailed(f"sealed to another key, {header.key_id}")
    start = header.length + 2
    end = start + int.from_bytes(blob[header.length : start], "big")
    if end > len(blob):
        raise DecryptionFailed("cut short")
    try:
        gcm = Gcm(private_key.decrypt(blob[start:end]))
    except InvalidKey:
        raise DecryptionFailed("what is wrapped is no SM4 key") from None
    return gcm.decrypt(blob[end:], aad=blob[:end] + context)


def recipient_id(public_key: PublicKey) -> str:
    """Returns the key id under which envelopes are sealed to a public key."""
    return public_key.fingerprint()[:_FINGERPRINT_DIGITS]
