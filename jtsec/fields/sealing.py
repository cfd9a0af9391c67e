"""
Bytes to ciphertext and back, bound to one column.

The stored value is an envelope (`jtsec.crypto.envelope`) under the active key of
purpose FIELD. The column's label, "app.model.field", is authenticated with it: a
ciphertext copied to another column or model does not open there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from jtsec.core.exceptions import InputError
from jtsec.crypto import envelope
from jtsec.crypto.exceptions import DecryptionFailed, UnknownFormat
from jtsec.crypto.sm4 import Gcm, Turn
from jtsec.keys import api as keys

from .exceptions import FieldAltered, FieldMistaken, FieldUnreadable

Converter = Callable[[Any, Any, Any], Any]
Reader = Callable[[bytes], Any]

# Enum members are looked up by code; here that would be paid for every value.
_FIELD: Final = keys.Purpose.FIELD

# What is the same for all values of a column, bound once: by its label what seals, by
# label and head what opens. The cipher stands beside it; another one means that the
# ring was read anew, and nothing of the old one is used.
_sealers: Final[dict[str, tuple[Gcm, Turn]]] = {}
_openers: Final[dict[tuple[str, bytes], tuple[Gcm, Turn]]] = {}


def seal(label: str, data: bytes) -> bytes:
    """Return the envelope of a value's bytes for a column."""
    key_id, gcm = keys.active_gcm(_FIELD)
    bound = _sealers.get(label)
    if bound is None or bound[0] is not gcm:
        bound = _sealers[label] = gcm, envelope.sealer(key_id, gcm, label.encode())
    return bound[1](data)


def to_bytes(label: str, text: str) -> bytes:
    """
    Return a text in UTF-8.

    Raises:
        InputError: it holds half a surrogate pair, which has no bytes; the error
            does not quote it.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        sentence = f"{label}: the text is not valid Unicode"
        raise InputError(sentence, field=label.rpartition(".")[2]) from None


def open_sealed(label: str, stored: Any, read: Reader = bytes.decode) -> Any:
    """
    Return the value in a stored one.

    Args:
        label: the column.
        stored: bytes or memoryview, as the database's driver gives them.
        read: makes a value of the bytes; raises ValueError where they are none.

    Raises:
        FieldAltered: it is not what was written to this column.
        FieldUnreadable: the key it names is not in the ring.
        FieldMistaken: it was written to this column, but as another kind of value.
    """
    if not isinstance(stored, bytes | bytearray | memoryview):
        raise FieldAltered(label)  # plain text, which nobody sealed
    return _read(label, _open(label, bytes(stored))[1], read)


def open_bytes(label: str, stored: bytes) -> bytes:
    """Return the data in a stored value, or raise as `open_sealed` does."""
    return _open(label, stored)[1]


def as_value(label: str, data: bytes, read: Reader) -> Any:
    """Return the value of opened data, or raise `FieldMistaken`."""
    return _read(label, data, read)


def is_current(stored: bytes) -> bool:
    """Answer whether a stored value is under the active key."""
    return stored.startswith(envelope.head(keys.active_gcm(_FIELD)[0]))


def _read(label: str, data: bytes, read: Reader) -> Any:
    try:
        return read(data)
    except ValueError:
        raise FieldMistaken(label) from None  # the cause would quote the value


def _open(label: str, blob: bytes) -> tuple[bytes, bytes, Turn]:
    """Return every byte before the nonce, the data, and what opens more like it."""
    try:
        header = envelope.read_header(blob)
        head = blob[: header.length]
        gcm = keys.gcm(header.key_id)
        bound = _openers.get((label, head))
        if bound is None or bound[0] is not gcm:
            if bound is not None:
                _openers.clear()  # which also lets go of keys that were withdrawn
            opener = envelope.opener(header, gcm, label.encode())
            bound = _openers[label, head] = gcm, opener
        return head, bound[1](blob), bound[1]
    except keys.UnknownKey:
        raise FieldUnreadable(label, header.key_id) from None
    except (UnknownFormat, DecryptionFailed):
        raise FieldAltered(label) from None


def converter(label: str, read: Reader = bytes.decode) -> Converter:
    """
    Return what turns a column of one query into values.

    It does what `open_sealed` does, and looks up the key once a query instead of once
    a value; whatever is out of the ordinary goes the long way.
    """
    # Version, algorithm and key id: every byte before the nonce.
    head, length = b"", 0
    opener: Turn = _open_nothing

    def convert(stored: Any, expression: Any, connection: Any) -> Any:
        if stored is None:
            return None
        try:
            if stored[:length] == head:
                return read(opener(stored))
        # The longer way below finds out what is wrong, and says it.
        except (TypeError, ValueError, DecryptionFailed):
            pass
        return convert_unusual(stored)

    def convert_unusual(stored: Any) -> Any:
        """Open the first value under a key; refuse in words what does not open."""
        nonlocal head, length, opener
        if not isinstance(stored, bytes | bytearray | memoryview):
            return open_sealed(label, stored, read)
        head, data, opener = _open(label, bytes(stored))
        length = len(head)
        return _read(label, data, read)

    return convert


def _open_nothing(blob: bytes) -> bytes:
    raise DecryptionFailed("no key was seen yet")
