"""The head of a segment: what it is, and the segment's own key, wrapped."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from os import urandom
from typing import Final

from jtsec.audit.canonical import canonical
from jtsec.core.exceptions import ConfigurationError
from jtsec.crypto import envelope, sm4
from jtsec.crypto.exceptions import CryptoError
from jtsec.crypto.sm4 import Gcm
from jtsec.keys import api as keys

from .exceptions import SegmentAltered, SegmentUnreadable
from .frames import Readable

MAGIC: Final = b"jtsecSG\x01"
CONTEXT: Final = b"jtsec.audit.segment:"
LARGEST: Final = 4_096


@dataclass(frozen=True)
class Head:
    """
    What stands before the frames.

    Args:
        data: its bytes, which the frames authenticate.
        gcm: the cipher under the segment's own key.
    """

    data: bytes
    gcm: Gcm


def new_head(name: str, log: str, first: int, last: int) -> Head:
    """
    Return the head of a new segment, with a fresh key.

    The key is wrapped under the ring's key of encrypted details, bound to the name: a
    key that seals a whole archive would wear out, this one ends with its file.

    Raises:
        ConfigurationError: the key ring cannot be used.
    """
    own = urandom(sm4.KEY_SIZE)
    key_id, gcm = keys.active_gcm(keys.Purpose.AUDIT_DETAIL)
    wrapped = envelope.seal_symmetric(key_id, gcm, own, CONTEXT + name.encode())
    content = canonical(
        {
            "v": 1,
            "segment": name,
            "log": log,
            "first": first,
            "last": last,
            "key": b64encode(wrapped).decode("ascii"),
        }
    )
    return Head(MAGIC + len(content).to_bytes(4, "big") + content, Gcm(own))


def read_bytes(file: Readable, name: str) -> bytes:
    """
    Return the bytes of a head; the file is left behind them.

    Raises:
        SegmentAltered: the file is no segment of version 1.
    """
    front = file.read(len(MAGIC) + 4)
    size = int.from_bytes(front[len(MAGIC) :], "big")
    if not front.startswith(MAGIC) or not 0 < size <= LARGEST:
        raise SegmentAltered(name, "this is no segment of version 1")
    content = file.read(size)
    if len(content) != size:
        raise SegmentAltered(name, "the file is cut short")
    return front + content


def open_head(data: bytes, name: str) -> Head:
    """
    Return a head with its cipher.

    Raises:
        SegmentAltered: it is malformed, or does not open under its key.
        SegmentUnreadable: the ring has no such key.
    """
    try:
        value = json.loads(data[len(MAGIC) + 4 :])
        wrapped = b64decode(value["key"], validate=True)
        inner = str(value["segment"])
        key_id = envelope.read_header(wrapped).key_id
    except (ValueError, KeyError, TypeError, CryptoError) as error:
        raise SegmentAltered(name, "the head is malformed") from error
    try:
        gcm = keys.gcm(key_id)
    except ConfigurationError as error:
        raise SegmentUnreadable(f"{name}: no key {key_id!r}: {error}") from error
    try:
        own = envelope.open_symmetric(wrapped, gcm, CONTEXT + inner.encode())
    except CryptoError as error:
        raise SegmentAltered(name, f"its key does not open under {key_id}") from error
    return Head(data, Gcm(own))
