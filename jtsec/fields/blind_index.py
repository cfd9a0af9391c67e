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

    __slots__ = ()


def index_of(label: str, data: bytes) -> BlindIndex:
    """Return the index of a value for a column, under the active key."""
    return _make(keys.active(keys.Purpose.INDEX).id, _message(label, data))


def indexes_of(label: str, data: bytes) -> list[BlindIndex]:
    """Return the index under every key, for rows a rotation did not reach yet."""
    message = _message(label, data)
    return [_make(key.id, message) for key in keys.every(keys.Purpose.INDEX)]


def _make(key_id: str, message: bytes) -> BlindIndex:
    head = bytes((VERSION, len(key_id))) + key_id.encode("ascii")
    return BlindIndex(head + keys.mac_with(key_id, message))


def _message(label: str, data: bytes) -> bytes:
    return _DOMAIN + label.encode() + b"\0" + data
