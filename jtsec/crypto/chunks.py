"""
Long data sealed in chunks: made in one pass, read from anywhere, in flat memory.

    bytes 0-1    B1 03: the version of an envelope; algorithm SM4-GCM in chunks
    byte 2       length of the key id, 1 to 64
    then         key id of the ring's key
    then         size of a chunk as a power of two: 10 (64 KiB)
    then         file id (16), random
    then         the file's own SM4 key, sealed under the ring's:
                 nonce (12) ‖ ciphertext (16) ‖ tag (16)
    then         zeros, up to 128 bytes in all
    then         chunk 0, chunk 1, …: ciphertext ‖ tag (16)

Under the tag of the file's key stand "jtsec.file/1" 00, every byte before its nonce,
and the context that the caller gave: no byte of the head can be changed, and a file
opens in its place only. Under the tag of a chunk stand the file id, the chunk's number
(8) and 01 for the last one, else 00: chunks are not exchanged, left out, repeated, cut
off or taken from another file. The nonce of a chunk is its number (12): the key is
fresh for each file, and a file is never written to again.

The last chunk is empty only in an empty file, all others are full. The format is
stable, as that of an envelope.
"""

from __future__ import annotations

import re
from os import urandom
from typing import Any, Final

from .exceptions import DecryptionFailed, InvalidInput, UnknownFormat
from .sm4 import KEY_SIZE, NONCE_SIZE, TAG_SIZE, CryptographyGcm, Gcm

MARK: Final = b"\xb1\x03"
HEAD_SIZE: Final = 128
POWER: Final = 16
CHUNK_SIZE: Final = 1 << POWER
SEALED_SIZE: Final = CHUNK_SIZE + TAG_SIZE
_DOMAIN: Final = b"jtsec.file/1\0"
_KEY_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_ID_SIZE: Final = 16
_SEALED_KEY_SIZE: Final = NONCE_SIZE + KEY_SIZE + TAG_SIZE


class ChunkCipher:
    """
    Seals and opens the chunks of one file.

    Args:
        key: the file's own, fresh for it.
        file_id: 16 bytes that are under the tag of every chunk.
    """

    __slots__ = ("_engine", "_file_id")

    def __init__(self, key: bytes, file_id: bytes) -> None:
        self._engine = CryptographyGcm(key)
        self._file_id = file_id

    def seal(self, number: int, data: bytes, *, last: bool) -> bytes:
        """Returns ciphertext ‖ tag; each number once, or the key is given away."""
        nonce = number.to_bytes(NONCE_SIZE, "big")
        return self._engine.seal(nonce, data, self._aad(number, last))

    def open(self, number: int, sealed: bytes, *, last: bool) -> bytes:
        """Returns the data of a chunk, or raises `DecryptionFailed`."""
        if len(sealed) < TAG_SIZE:
            raise DecryptionFailed("shorter than a tag")
        nonce = number.to_bytes(NONCE_SIZE, "big")
        aad = self._aad(number, last)
        body: Any = memoryview(sealed)[:-TAG_SIZE]  # a copy would cost as much as I/O
        return self._engine.open(nonce, body, sealed[-TAG_SIZE:], aad)

    def _aad(self, number: int, last: bool) -> bytes:
        return self._file_id + number.to_bytes(8, "big") + bytes((last,))


def new_head(key_id: str, gcm: Gcm, context: bytes) -> tuple[bytes, ChunkCipher]:
    """
    Returns the head of a new file, and the cipher of its chunks.

    Args:
        key_id: names the ring's key for who opens; public.
        gcm: the cipher under that key.
        context: what the file belongs to; needed again, unchanged, to open it.

    Raises:
        InvalidInput: the key id is not of the allowed form.
    """
    file_id, key = urandom(_ID_SIZE), urandom(KEY_SIZE)
    return _head(key_id, gcm, context, file_id, key), ChunkCipher(key, file_id)


def renewed_head(
    head: bytes, gcm: Gcm, key_id: str, new_gcm: Gcm, context: bytes
) -> bytes:
    """
    Returns the head of the same file under another key; its chunks stay as they are.

    Args:
        head: as it is.
        gcm: the cipher under the key that `key_id_of` named.
        key_id: names the other key.
        new_gcm: the cipher under that one.
        context: as it was given for the new file.

    Raises:
        UnknownFormat, DecryptionFailed: as `open_head`.
    """
    file_id, key = _opened(head, gcm, context)
    return _head(key_id, new_gcm, context, file_id, key)


def _head(key_id: str, gcm: Gcm, context: bytes, file_id: bytes, key: bytes) -> bytes:
    name = key_id.encode("ascii", "replace")
    if not _KEY_ID.fullmatch(name):
        raise InvalidInput("a key id is 1 to 64 of A-Z a-z 0-9 . _ -")
    front = MARK + bytes((len(name),)) + name + bytes((POWER,)) + file_id
    sealed_key = gcm.encrypt(key, aad=_DOMAIN + front + context)
    return (front + sealed_key).ljust(HEAD_SIZE, b"\0")


def key_id_of(head: bytes) -> str:
    """
    Returns the id of the ring's key; not to be believed before the head was opened.

    Raises:
        UnknownFormat: not the head of such a file, or cut short.
    """
    if len(head) != HEAD_SIZE or not head.startswith(MARK):
        raise UnknownFormat("not a file sealed in chunks")
    end = 3 + head[2]
    name = head[3:end]
    if not _KEY_ID.fullmatch(name) or head[end] != POWER:
        raise UnknownFormat("the head of a sealed file is malformed")
    if any(head[end + 1 + _ID_SIZE + _SEALED_KEY_SIZE :]):
        raise UnknownFormat("something stands behind the head of a sealed file")
    return name.decode("ascii")


def open_head(head: bytes, gcm: Gcm, context: bytes) -> ChunkCipher:
    """
    Returns the cipher of a file's chunks.

    Args:
        head: its first 128 bytes.
        gcm: the cipher under the key that `key_id_of` named.
        context: as it was given for the new file.

    Raises:
        UnknownFormat: not the head of such a file.
        DecryptionFailed: altered, another key or another context.
    """
    file_id, key = _opened(head, gcm, context)
    return ChunkCipher(key, file_id)


def _opened(head: bytes, gcm: Gcm, context: bytes) -> tuple[bytes, bytes]:
    start = 3 + len(key_id_of(head)) + 1
    nonce = start + _ID_SIZE
    sealed_key = head[nonce : nonce + _SEALED_KEY_SIZE]
    key = gcm.decrypt(sealed_key, aad=_DOMAIN + head[:nonce] + context)
    return head[start:nonce], key


def chunks_in(stored: int) -> int:
    """
    Returns how many chunks a file of so many stored bytes has.

    Raises:
        DecryptionFailed: no file has this length; it was cut or added to.
    """
    whole, rest = divmod(stored - HEAD_SIZE, SEALED_SIZE)
    if stored < HEAD_SIZE + TAG_SIZE or 0 < rest < TAG_SIZE + (whole > 0):
        raise DecryptionFailed("no sealed file has this length")
    return whole + (rest > 0)
