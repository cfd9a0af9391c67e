"""
Text to ciphertext and back, bound to one column.

The stored value is an envelope (`jtsec.crypto.envelope`) under the active key of
purpose FIELD. The column's label, "app.model.field", is authenticated with it: a
ciphertext copied to another column or model does not open there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from jtsec.core.exceptions import InputError
from jtsec.crypto.envelope import open_symmetric, read_header, seal_symmetric
from jtsec.crypto.exceptions import DecryptionFailed, UnknownFormat
from jtsec.keys import api as keys

from .exceptions import FieldAltered, FieldUnreadable

Converter = Callable[[Any, Any, Any], str | None]

# Enum members are looked up by code; here that would be paid for every value.
_FIELD: Final = keys.Purpose.FIELD


def seal(label: str, text: str) -> bytes:
    """
    Return the envelope of a text for a column.

    Raises:
        InputError: the text holds half a surrogate pair, which has no bytes.
    """
    key_id, gcm = keys.active_gcm(_FIELD)
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = to_bytes(label, text)  # raises, in words that do not quote it
    return seal_symmetric(key_id, gcm, data, label.encode())


def to_bytes(label: str, text: str) -> bytes:
    """Return a text in UTF-8; an error never quotes it."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        sentence = f"{label}: the text is not valid Unicode"
        raise InputError(sentence, field=label.rpartition(".")[2]) from None


def open_sealed(label: str, stored: Any) -> str:
    """
    Return the text in a stored value.

    Args:
        label: the column.
        stored: bytes or memoryview, as the database's driver gives them.

    Raises:
        FieldAltered: it is not what was written to this column.
        FieldUnreadable: the key it names is not in the ring.
    """
    if not isinstance(stored, bytes | bytearray | memoryview):
        raise FieldAltered(label)  # plain text, which nobody sealed
    blob = bytes(stored)
    try:
        key_id = read_header(blob).key_id
        return open_symmetric(blob, keys.gcm(key_id), label.encode()).decode()
    except keys.UnknownKey:
        raise FieldUnreadable(label, key_id) from None
    except (UnknownFormat, DecryptionFailed, UnicodeDecodeError):
        raise FieldAltered(label) from None


def converter(label: str) -> Converter:
    """
    Return what turns a column of one query into text.

    It does what `open_sealed` does, and looks up each key once a query instead of
    once a value; anything out of the ordinary goes the long way.
    """
    aad = label.encode()
    openers: dict[bytes, tuple[Callable[..., bytes], bytes, int]] = {}

    def convert(stored: Any, expression: Any, connection: Any) -> str | None:
        if stored is None:
            return None
        try:
            blob = bytes(stored)
            decrypt, bound, length = openers[blob[: 3 + blob[2]]]
            return decrypt(blob[length:], aad=bound).decode()
        except (KeyError, IndexError, TypeError, DecryptionFailed, UnicodeDecodeError):
            text = open_sealed(label, stored)
        header = read_header(blob)
        head = blob[: header.length]
        openers[head] = keys.gcm(header.key_id).decrypt, head + aad, header.length
        return text

    return convert
