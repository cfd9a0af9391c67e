"""
Values to what the table holds, and back: two layers, of which one ends with its use.

    outer   an envelope (`jtsec.crypto.envelope`) under the FIELD key of the ring
    inner   nonce ‖ ciphertext ‖ tag, SM4-GCM under
            HMAC-SM3(secret, "jtsec-transient" ‖ 01 ‖ salt ‖ label)[:16]

The secret of a session is its cookie's value, which no table holds; that of a business
is random and goes with its row; of both, one after the other. So database, backups and
key ring together do not open what was kept for a session that has ended. The label,
JSON of session, business, name and end, is authenticated by both layers: an entry
cannot be moved, nor be given a longer life.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from jtsec.core.exceptions import InputError
from jtsec.crypto import envelope
from jtsec.crypto.exceptions import DecryptionFailed, UnknownFormat
from jtsec.crypto.sm3 import KeyedMac
from jtsec.crypto.sm4 import KEY_SIZE, Gcm
from jtsec.keys import api as keys

from .exceptions import TransientAltered, TransientUnreadable

CONTEXT: Final = b"jtsec-transient\x01"
BUSINESS: Final = b"jtsec-transient-business\x01"
JSON, BYTES = b"J", b"B"


def label_of(session: str, business: str, name: str, ends_at: datetime) -> bytes:
    """Return what an entry is bound to: its place, and the second at which it ends."""
    place = [session, business, name, int(ends_at.timestamp())]
    return json.dumps(place, separators=(",", ":")).encode("ascii")


def to_data(value: Any, largest: int) -> bytes:
    """
    Return the bytes of a value: bytes as they are, all else as JSON.

    Raises:
        InputError: it is too large, or has no JSON.
    """
    if isinstance(value, bytes):
        data = BYTES + value
    else:
        try:
            data = JSON + json.dumps(value, ensure_ascii=False).encode()
        except (TypeError, ValueError) as error:
            raise InputError("a transient value is bytes or JSON") from error
    if len(data) > largest + 1:
        raise InputError("a transient value is too large", code="too-large")
    return data


def from_data(data: bytes) -> Any:
    """Return the value in bytes that were opened."""
    return data[1:] if data[:1] == BYTES else json.loads(data[1:])


def seal(secret: bytes, salt: bytes, label: bytes, data: bytes) -> bytes:
    """Return what the table holds of a value."""
    inner = _inner(secret, salt, label).encrypt(data, aad=label)
    key_id, gcm = keys.active_gcm(keys.Purpose.FIELD)
    return envelope.seal_symmetric(key_id, gcm, inner, CONTEXT + label)


def open_sealed(secret: bytes, salt: bytes, label: bytes, blob: bytes) -> bytes:
    """
    Return the bytes of a value.

    Raises:
        TransientAltered: it is not what was put there.
        TransientUnreadable: the ring has no such key.
    """
    try:
        inner = _open(blob, CONTEXT + label)
        return _inner(secret, salt, label).decrypt(inner, aad=label)
    except DecryptionFailed:
        raise TransientAltered("a transient entry was altered") from None


def seal_secret(business: str, secret: bytes) -> bytes:
    """Return what the table holds of a business's secret."""
    key_id, gcm = keys.active_gcm(keys.Purpose.FIELD)
    aad = BUSINESS + business.encode()
    return envelope.seal_symmetric(key_id, gcm, secret, aad)


def open_secret(business: str, blob: bytes) -> bytes:
    """Return a business's secret; raises as `open_sealed`."""
    try:
        return _open(blob, BUSINESS + business.encode())
    except DecryptionFailed:
        raise TransientAltered("the secret of a business was altered") from None


def _open(blob: bytes, aad: bytes) -> bytes:
    try:
        key_id = envelope.read_header(blob).key_id
        return envelope.open_symmetric(blob, keys.gcm(key_id), aad)
    except keys.UnknownKey as error:
        raise TransientUnreadable(str(error)) from None
    except UnknownFormat as error:
        raise DecryptionFailed(str(error)) from None


def _inner(secret: bytes, salt: bytes, label: bytes) -> Gcm:
    return Gcm(KeyedMac(secret).mac(CONTEXT + salt + label)[:KEY_SIZE])
