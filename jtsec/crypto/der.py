"""
Strict DER (X.690), the little that SM2 keys, signatures and ciphertexts need.

One value has one encoding: lengths and integers are minimal, integers are not
negative, nothing follows the end. A laxer reader lets two byte strings be "the same"
signature or ciphertext, and then a record of bytes no longer names one of them.
"""

from __future__ import annotations

from typing import Final

from jtsec.crypto.exceptions import CryptoError

INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
NULL: Final = 0x05
OBJECT_IDENTIFIER: Final = 0x06
SEQUENCE: Final = 0x30
# No structure read here is longer; a length beyond it is refused before it is believed.
MAX_LENGTH: Final = 1 << 24


class MalformedDer(CryptoError):
    """Says that bytes are not strict DER of the expected form."""


def encode(tag: int, content: bytes) -> bytes:
    """Returns one value with its tag and minimal length."""
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + content


def encode_integer(value: int) -> bytes:
    """Returns a non-negative INTEGER."""
    return encode(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def encode_sequence(*parts: bytes) -> bytes:
    """Returns a SEQUENCE of values that are already encoded."""
    return encode(SEQUENCE, b"".join(parts))


def encode_bits(content: bytes) -> bytes:
    """Returns a BIT STRING of whole bytes."""
    return encode(BIT_STRING, b"\0" + content)


class Reader:
    """
    Reads values one after another; every method raises `MalformedDer`.

    Args:
        data: the bytes of zero or more values.
    """

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def next_tag(self) -> int | None:
        """Returns the tag of the next value without taking it, None at the end."""
        return self._data[self._at] if self._at < len(self._data) else None

    def read(self, tag: int) -> bytes:
        """Takes the next value, which must have `tag`, and returns its content."""
        if self.next_tag() != tag:
            raise MalformedDer("another type was expected")
        start, length = self._content_span()
        end = start + length
        if end > len(self._data):
            raise MalformedDer("cut short")
        self._at = end
        return self._data[start:end]

    def _content_span(self) -> tuple[int, int]:
        """Returns where the next content starts and how long it says it is."""
        start = self._at + 2
        if start > len(self._data):
            raise MalformedDer("cut short")
        length = self._data[self._at + 1]
        if length < 0x80:
            return start, length
        size = length & 0x7F
        field = self._data[start : start + size]
        if not size or len(field) != size or field[0] == 0:
            raise MalformedDer("a length is indefinite, cut short or padded")
        length = int.from_bytes(field[:8], "big")
        if size > 8 or not 0x80 <= length <= MAX_LENGTH:
            raise MalformedDer("a length is not minimal or too great")
        return start + size, length

    def integer(self) -> int:
        """Takes a minimal, non-negative INTEGER."""
        content = self.read(INTEGER)
        if not content or content[0] & 0x80:
            raise MalformedDer("an integer is empty or negative")
        if len(content) > 1 and content[0] == 0 and not content[1] & 0x80:
            raise MalformedDer("an integer is padded")
        return int.from_bytes(content, "big")

    def octets(self) -> bytes:
        """Takes an OCTET STRING."""
        return self.read(OCTET_STRING)

    def bits(self) -> bytes:
        """Takes a BIT STRING of whole bytes."""
        content = self.read(BIT_STRING)
        if not content or content[0] != 0:
            raise MalformedDer("a bit string is not of whole bytes")
        return content[1:]

    def identifier(self) -> bytes:
        """Takes an OBJECT IDENTIFIER and returns its content, undecoded."""
        return self.read(OBJECT_IDENTIFIER)

    def sequence(self) -> Reader:
        """Takes a SEQUENCE and returns a reader of what is inside."""
        return Reader(self.read(SEQUENCE))

    def end(self) -> None:
        """Raises unless everything was taken."""
        if self._at != len(self._data):
            raise MalformedDer("something follows the end")
