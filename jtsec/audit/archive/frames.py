"""
The frames of a segment: a long stream, encrypted piece by piece in flat memory.

Each frame is sealed under the segment's own key with its number, whether it is the last
and the head of the file as authenticated data. So frames cannot be left out, repeated,
exchanged, cut off at the end or moved into another file, and none is believed before
it was authenticated.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final, Protocol

from jtsec.crypto import sm3
from jtsec.crypto.exceptions import DecryptionFailed
from jtsec.crypto.sm4 import NONCE_SIZE, TAG_SIZE, Gcm

CONTEXT: Final = b"jtsec-audit-frame\x01"
PIECE: Final = 512 * 1024
"""Bytes of plaintext after which a frame is closed; one record is never split."""

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a frame that a reader takes, before and after unpacking."""

END: Final = bytes(4)


class BrokenFrames(ValueError):
    """Says that frames are not what was written: cut, altered or out of order."""


class Readable(Protocol):
    """A file, or what reads from one."""

    def read(self, size: int, /) -> bytes:
        """Read so many bytes, or what is left."""


class FrameWriter:
    """
    Writes frames, and hashes every byte of the file on its way.

    Args:
        file: open for writing at its beginning.
        head: what stands before the first frame; written at once.
        gcm: the cipher under the segment's own key.
    """

    def __init__(self, file: BinaryIO, head: bytes, gcm: Gcm) -> None:
        self._file = file
        self._gcm = gcm
        self._head = sm3.digest(head)
        self._hash = sm3.new()
        self._pending: list[bytes] = []
        self._pending_size = 0
        self._number = 0
        self.size = 0
        self._emit(head)

    def add(self, item: bytes) -> None:
        """Take one item; a frame is written when enough have come."""
        self._pending.append(item)
        self._pending_size += len(item)
        if self._pending_size >= PIECE:
            self._flush(is_last=False)

    def close(self) -> bytes:
        """Write the last frame and the end; return the digest of all bytes so far."""
        self._flush(is_last=True)
        self._emit(END)
        return self._hash.digest()

    def _flush(self, *, is_last: bool) -> None:
        packed = zlib.compress(b"".join(self._pending), 6)
        aad = _aad(self._head, self._number, is_last=is_last)
        blob = self._gcm.encrypt(packed, aad=aad)
        self._emit(len(blob).to_bytes(4, "big") + blob)
        self._number += 1
        self._pending, self._pending_size = [], 0

    def _emit(self, data: bytes) -> None:
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)


def read_frames(file: Readable, head: bytes, gcm: Gcm) -> Iterator[bytes]:
    """
    Yield the plaintext of each frame, authenticated.

    Args:
        file: at the first frame; left behind the end of the last.
        head: what stood before it.
        gcm: the cipher under the segment's own key.

    Raises:
        BrokenFrames: they are not what was written.
    """
    digest = sm3.digest(head)
    number = 0
    size = _size(file)
    while size:
        blob = _exactly(file, size)
        size = _size(file)
        try:
            packed = gcm.decrypt(blob, aad=_aad(digest, number, is_last=not size))
        except DecryptionFailed:
            raise BrokenFrames(f"frame {number + 1} does not authenticate") from None
        yield _unpacked(packed)
        number += 1
    if not number:
        raise BrokenFrames("there is no frame")


def skip_frames(file: Readable) -> None:
    """Pass over all frames without a key; raises as `read_frames`."""
    while size := _size(file):
        left = size
        while left:
            left -= len(_exactly(file, min(left, PIECE)))


def _aad(head: bytes, number: int, *, is_last: bool) -> bytes:
    return CONTEXT + head + number.to_bytes(8, "big") + bytes((is_last,))


def _size(file: Readable) -> int:
    size = int.from_bytes(_exactly(file, 4), "big")
    if size and not NONCE_SIZE + TAG_SIZE < size <= LARGEST:
        raise BrokenFrames("a frame has an impossible length")
    return size


def _exactly(file: Readable, size: int) -> bytes:
    found = file.read(size)
    if len(found) != size:
        raise BrokenFrames("the file is cut short")
    return found


def _unpacked(packed: bytes) -> bytes:
    stream = zlib.decompressobj()
    try:
        found = stream.decompress(packed, LARGEST)
    except zlib.error as error:
        raise BrokenFrames(f"a frame does not unpack: {error}") from error
    if not stream.eof or stream.unused_data:
        raise BrokenFrames("a frame does not unpack to its end")
    return found
