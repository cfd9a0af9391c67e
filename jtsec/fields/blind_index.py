"""
The blind index: what equal values have in common, without the values.

    byte 0       version: 01
    byte 1       length of the key id
    then         key id of purpose INDEX
    then         HMAC-SM3 over "jtsec.index/1" 00 label 00 data (32)

The label is that of the column, so equal values in two columns have unequal indexes:
nobody who reads the tables can join them. The data is what the column's kind says that
equal values share, see `kinds`. Who may guess (a resident ID has few enough
possibilities) still needs the key.
"""

from __future__ import annotations

from typing import Final

from jtsec.keys import api as keys

VERSION: Final = 1
_DOMAIN: Final = b"jtsec.index/1\0"
LARGEST: Final = 2 + 64 + 32


class BlindIndex(bytes):
    """An index made here; plain bytes from elsewhere are not taken for one."""

    others: tuple[bytes, ...] = ()
    """The index of the same value under the other keys in use during a rotation."""


def index_of(label: str, data: bytes) -> BlindIndex:
    """Return the index of a value for a column, under the active key."""
    return _make(keys.active(keys.Purpose.INDEX).id, _message(label, data))


def indexes_of(label: str, data: bytes) -> list[BlindIndex]:
    """Return the index under every key, for rows a rotation did not reach yet."""
    message = _message(label, data)
    return [_make(key.id, message) for key in keys.every(keys.Purpose.INDEX)]


def others_of(label: str, data: bytes) -> tuple[BlindIndex, ...]:
    """Return the index under every other key in use during a rotation; else none."""
    turning = (keys.State.COMING, keys.State.REPLACED)
    others = [key.id for key in keys.every(keys.Purpose.INDEX) if key.state in turning]
    message = _message(label, data) if others else b""
    return tuple(_make(key_id, message) for key_id in others)


def head(key_id: str) -> bytes:
    """Return the bytes with which every index under a key begins."""
    return bytes((VERSION, len(key_id))) + key_id.encode("ascii")


def is_current(stored: bytes) -> bool:
    """Answer whether a stored index is under the active key."""
    return stored.startswith(head(keys.active(keys.Purpose.INDEX).id))


def _make(key_id: str, message: bytes) -> BlindIndex:
    return BlindIndex(head(key_id) + keys.mac_with(key_id, message))


def _message(label: str, data: bytes) -> bytes:
    return _DOMAIN + label.encode() + b"\0" + data
