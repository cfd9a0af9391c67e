"""A file on its way out of a storage: any part of it in clear, or an error."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.files.base import File

from jtsec.crypto.chunks import (
    CHUNK_SIZE,
    HEAD_SIZE,
    SEALED_SIZE,
    ChunkCipher,
    chunks_in,
    key_id_of,
    open_head,
)
from jtsec.crypto.exceptions import DecryptionFailed, UnknownFormat
from jtsec.crypto.sm4 import Gcm
from jtsec.fields.exceptions import FileAltered, FileUnreadable
from jtsec.keys import api as keys


class OpenedFile(File):  # type: ignore[type-arg]  # no parameter at run time
    """
    A stored file in clear, as Django hands files out; it can only be read.

    Args:
        name: as the storage knows it.
        reopen: returns the stream from its beginning; asked at once, and again by
            `open` after `close`.
    """

    def __init__(self, name: str, reopen: Callable[[], ChunkReader]) -> None:
        self._reopen = reopen
        super().__init__(self._stream(), name)

    def _stream(self) -> io.BufferedReader:
        return io.BufferedReader(self._reopen(), CHUNK_SIZE)

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """Return itself at the beginning, opened again if it was closed."""
        require_reading(mode or "rb")
        if self.closed:
            self.file = self._stream()
        else:
            self.seek(0)
        return self


def require_reading(mode: str) -> None:
    """Return if a mode only reads bytes; a part written anew could not be sealed."""
    if mode != "rb":
        raise io.UnsupportedOperation("an encrypted file is opened with mode rb")


class ChunkReader(io.RawIOBase):
    """
    Reads a sealed file from anywhere; nothing leaves before its chunk was verified.

    The last chunk is opened first: a file that was cut is refused before one byte of
    it is given out, and its size is known for certain.

    Args:
        stored: the open file as it is stored; closed with this one.
        name: as the storage knows it, for errors.
        context: what the file belongs to.

    Raises:
        FileAltered: it is not what was stored under this name.
        FileUnreadable: the key it names is not in the ring.
    """

    def __init__(self, stored: Any, name: str, context: bytes) -> None:
        self._stored, self._label = stored, name
        self._position, self._number, self._chunk = 0, -1, b""
        try:
            length = stored.seek(0, io.SEEK_END) or stored.tell()
            stored.seek(0)
            self._cipher = _cipher_of(stored.read(HEAD_SIZE), name, context)
            with altered_as(name):
                self._count = chunks_in(length)
            self._load(self._count - 1)
        except BaseException:
            stored.close()
            raise
        self.size = (self._count - 1) * CHUNK_SIZE + len(self._chunk)

    def readable(self) -> bool:
        """Answer that it is."""
        return True

    def seekable(self) -> bool:
        """Answer that it is."""
        return True

    def tell(self) -> int:
        """Return the position in the clear content."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move in the clear content and return the new position."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}
        if start[whence] + offset < 0:
            raise ValueError("before the beginning of the file")
        self._position = start[whence] + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Put what comes next into a buffer, at most up to the end of its chunk."""
        if self._position >= self.size:
            return 0
        number, offset = divmod(self._position, CHUNK_SIZE)
        if number != self._number:
            self._load(number)
        part = memoryview(self._chunk)[offset : offset + len(buffer)]
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)

    def close(self) -> None:
        """Close the stored file too."""
        with suppress(AttributeError):
            self._stored.close()
        super().close()

    def _load(self, number: int) -> None:
        self._stored.seek(HEAD_SIZE + number * SEALED_SIZE)
        sealed = self._stored.read(SEALED_SIZE)
        with altered_as(self._label):
            last = number == self._count - 1
            self._chunk = self._cipher.open(number, sealed, last=last)
        self._number = number


def _cipher_of(head: bytes, name: str, context: bytes) -> ChunkCipher:
    with altered_as(name):
        return open_head(head, gcm_of(head, name), context)


def gcm_of(head: bytes, name: str) -> Gcm:
    """
    Return the cipher under the key that the head of a file names.

    Raises:
        UnknownFormat: it is no head.
        FileUnreadable: the ring has no such key.
    """
    key_id = key_id_of(head)
    try:
        return keys.gcm(key_id)
    except keys.UnknownKey:
        raise FileUnreadable(name, key_id) from None


@contextmanager
def altered_as(name: str) -> Iterator[None]:
    """Say in the words of files what does not open."""
    try:
        yield
    except (UnknownFormat, DecryptionFailed):
        raise FileAltered(name) from None
