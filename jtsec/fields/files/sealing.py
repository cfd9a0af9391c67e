"""A file on its way into a storage: read in clear, handed on sealed, chunk by chunk."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from django.core.files.base import File

from jtsec.crypto.chunks import CHUNK_SIZE, ChunkCipher


class SealedContent(File):  # type: ignore[type-arg]  # no parameter at run time
    """
    What a storage is given instead of a content; it can be read once.

    It has no `temporary_file_path`, so that a storage cannot move the uploaded file,
    which is in clear, to its place.

    Args:
        content: what is to be stored.
        head: of the new file.
        cipher: of its chunks.
    """

    def __init__(self, content: Any, head: bytes, cipher: ChunkCipher) -> None:
        self._parts = sealed_parts(content, head, cipher)
        stream = io.BufferedReader(_Parts(self._parts), CHUNK_SIZE)
        super().__init__(stream, content.name)

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Yield the stored bytes as they are made."""
        return self._parts


def sealed_parts(content: Any, head: bytes, cipher: ChunkCipher) -> Iterator[bytes]:
    """Yield the head and the chunks of a content; holds two chunks at a time."""
    yield head
    number, waiting = 0, b""
    for piece in _full_pieces(content):
        if number or waiting:
            yield cipher.seal(number, waiting, last=False)
            number += 1
        waiting = piece
    yield cipher.seal(number, waiting, last=True)


def _full_pieces(content: Any) -> Iterator[bytes]:
    """Yield the content in pieces as large as a chunk; the last may be smaller."""
    held = bytearray()
    for part in content.chunks(CHUNK_SIZE):
        if len(part) == CHUNK_SIZE and not held and isinstance(part, bytes):
            yield part  # as nearly always; each copy costs as much as the disk
            continue
        held += part.encode() if isinstance(part, str) else part
        while len(held) >= CHUNK_SIZE:
            yield bytes(held[:CHUNK_SIZE])
            del held[:CHUNK_SIZE]
    if held:
        yield bytes(held)


class _Parts(io.RawIOBase):
    """Reads what an iterator yields; there is no way back."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left:
            self._left = memoryview(next(self._parts, b""))
        taken = self._left[: len(buffer)]
        buffer[: len(taken)] = taken
        self._left = self._left[len(taken) :]
        return len(taken)
