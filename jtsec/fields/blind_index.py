"""
The blind index: what equal texts have in common, without the texts.

    byte 0       version: 01
    byte 1       length of the key id
    then         key id of purpose INDEX
    then         HMAC-SM3 over "jtsec.index/1" 00 label 00 text (32)

The label is that of the column, so equal texts in two columns have unequal indexes:
nobody who reads the tables can join them. The text is NFC, and passed through the
column's `normalise` if it has one, in UTF-8. Who may guess (a resident ID has few
enough possibilities) still needs the key.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from importlib import import_module
from typing import Final

from jtsec.keys import api as keys

from .sealing import to_bytes

VERSION: Final = 1
_DOMAIN: Final = b"jtsec.index/1\0"
LARGEST: Final = 2 + 64 + 32


class BlindIndex(bytes):
    """An index made here; plain bytes from elsewhere are not taken for one."""

    __slots__ = ()


def index_of(label: str, text: str, normalise: str = "") -> BlindIndex:
    """Return the index of a text for a column, under the active key."""
    return _make(keys.active(keys.Purpose.INDEX).id, _message(label, text, normalise))


def indexes_of(label: str, text: str, normalise: str = "") -> list[BlindIndex]:
    """Return the index under every key, for rows a rotation did not reach yet."""
    message = _message(label, text, normalise)
    return [_make(key.id, message) for key in keys.every(keys.Purpose.INDEX)]


def _make(key_id: str, message: bytes) -> BlindIndex:
    head = bytes((VERSION, len(key_id))) + key_id.encode("ascii")
    return BlindIndex(head + keys.mac_with(key_id, message))


def _message(label: str, text: str, normalise: str) -> bytes:
    text = unicodedata.normalize("NFC", text)
    if normalise:
        text = _imported(normalise)(text)
    return _DOMAIN + label.encode() + b"\0" + to_bytes(label, text)


def _imported(path: str) -> Callable[[str], str]:
    module, _, name = path.rpartition(".")
    verb: Callable[[str], str] = getattr(import_module(module), name)
    return verb
