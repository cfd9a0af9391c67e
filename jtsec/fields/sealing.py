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
from jtsec.crypto import envelope
from jtsec.crypto.exceptions import DecryptionFailed, UnknownFormat
from jtsec.crypto.sm4 import Gcm, Turn
from jtsec.keys import api as keys

from .exceptions import FieldAltered, FieldUnreadable

Converter = Callable[[Any, Any, Any], str | None]

# Enum members are looked up by code; here that would be paid for every value.
_FIELD: Final = keys.Purpose.FIELD

# What is the same for all values of a column, bound once: by its label what seals, by
# label and head what opens. The cipher stands beside it; another one means that the
# ring was read anew, and nothing of the old one is used.
_sealers: Final[dict[str, tuple[Gcm, Turn]]] = {}
_openers: Final[dict[tuple[str, bytes], tuple[Gcm, Turn]]] = {}


def seal(label: str, text: str) -> bytes:
    """
    Return the envelope of a text for a column.

    Raises:
        InputError: the text holds half a surrogate pair, which has no bytes.
    """
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = to_bytes(label, text)  # raises, in words that do not quote it
    key_id, gcm = keys.active_gcm(_FIELD)
    bound = _sealers.get(label)
    if bound is None or bound[0] is not gcm:
        bound = _sealers[label] = gcm, envelope.sealer(key_id, gcm, label.encode())
    return bound[1](data)


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
    return _open(label, bytes(stored))[1]


def _open(label: str, blob: bytes) -> tuple[bytes, str, Turn]:
    """Return every byte before the nonce, the text, and what opens more like it."""
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
        return head, bound[1](blob).decode(), bound[1]
    except keys.UnknownKey:
        raise FieldUnreadable(label, header.key_id) from None
    except (UnknownFormat, DecryptionFailed, UnicodeDecodeError):
        raise FieldAltered(label) from None


def converter(label: str) -> Converter:
    """
    Return what turns a column of one query into text.

    It does what `open_sealed` does, and looks up the key once a query instead of once
    a value; whatever is out of the ordinary goes the long way.
    """
    # Version, algorithm and key id: every byte before the nonce.
    head, length = b"", 0
    opener: Turn = _open_nothing

    def convert(stored: Any, expression: Any, connection: Any) -> str | None:
        if stored is None:
            return None
        try:
            if stored[:length] == head:
                return opener(stored).decode()
        # The longer way below finds out what is wrong, and says it.
        except (TypeError, DecryptionFailed, UnicodeDecodeError):
            pass
        return convert_unusual(stored)

    def convert_unusual(stored: Any) -> str:
        """Open the first value under a key; refuse in words what does not open."""
        nonlocal head, length, opener
        if not isinstance(stored, bytes | bytearray | memoryview):
            return open_sealed(label, stored)
        head, text, opener = _open(label, bytes(stored))
        length = len(head)
        return text

    return convert


def _open_nothing(blob: bytes) -> bytes:
    raise DecryptionFailed("no key was seen yet")
