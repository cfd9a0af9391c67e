"""
An anchor that is a file: one line a checkpoint, appended and forced to the disk.

The file is opened for appending only, so that it may lie on a medium or under an
attribute (`chattr +a`) that allows nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from .anchor import AnchoredCheckpoint, Tail, line_of, parse_line
from .exceptions import CannotRead
from .models import AuditCheckpoint

WINDOW: Final = 1 << 16
"""Bytes at the end of the file that are looked at first."""

MODE: Final = 0o640


class FileAnchor:
    """
    Appends checkpoints to a file.

    Args:
        name: the anchor as the settings name it.
        place: the path of the file; it is made when first needed, its folder is not:
            a folder that is gone is a medium that is not there.
    """

    def __init__(self, name: str, place: str) -> None:
        self.name = name
        self.path = Path(place)

    def write(self, checkpoints: Sequence[AuditCheckpoint]) -> None:
        """Append checkpoints, and return when they are on the disk."""
        if not checkpoints:
            return
        is_new = not self.path.exists()
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        handle = os.open(self.path, flags, MODE)
        try:
            text = "".join(f"{line_of(one)}\n" for one in checkpoints)
            # What a full disk cut off stays; the next line begins on its own.
            torn = "" if _ends_whole(handle) else "\n"
            _write_all(handle, f"{torn}{text}".encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        if is_new:
            _sync_folder(self.path.parent)

    def read(self) -> Iterator[AnchoredCheckpoint]:
        """Yield what the file holds."""
        with self._readable() as path, path.open("rb") as file:
            for line in file:
                found = parse_line(line.decode("utf-8", "replace").rstrip("\n"))
                if found is not None and line.endswith(b"\n"):
                    yield found

    def tail(self) -> Tail | None:
        """Return the last whole line of the file."""
        with self._readable() as path, path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            window = WINDOW
            while True:
                start = max(0, size - window)
                file.seek(start)
                found = _last_of(file.read(size - start))
                if found is not None:
                    return Tail(found, size)
                if not start:
                    return None
                window *= 8

    @contextmanager
    def _readable(self) -> Iterator[Path]:
        try:
            yield self.path
        except OSError as error:
            raise CannotRead(f"{self.name}: {error.strerror or error}") from error


def _last_of(data: bytes) -> AnchoredCheckpoint | None:
    whole, _newline, _torn = data.rpartition(b"\n")
    for line in reversed(whole.split(b"\n")):
        found = parse_line(line.decode("utf-8", "replace"))
        if found is not None:
            return found
    return None


def _ends_whole(handle: int) -> bool:
    """Answer whether the last line has its end."""
    size = os.lseek(handle, 0, os.SEEK_END)
    if not size:
        return True
    os.lseek(handle, -1, os.SEEK_END)
    return os.read(handle, 1) == b"\n"


def _write_all(handle: int, data: bytes) -> None:
    while data:
        written = os.write(handle, data)
        data = data[written:]


def _sync_folder(folder: Path) -> None:
    """Make the name of a new file as durable as what is in it, where that can be."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
