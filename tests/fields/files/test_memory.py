"""
A file far larger than what a process may hold is sealed, read and sent in little.

64 MB in a run of the suite; `JTSEC_TEST_FILE_MEGABYTES=2048` for two gigabytes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MEGABYTES = int(os.environ.get("JTSEC_TEST_FILE_MEGABYTES", "64"))
ALLOWED = 12
"""Megabytes by which the process may grow, however large the file is."""

PROGRAM = """
import io, resource, sys
import django
django.setup()
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from jtsec.fields import EncryptedStorage

folder, size = sys.argv[1], int(sys.argv[2]) << 20
storage = EncryptedStorage("memory.test", FileSystemStorage(folder))

class Endless(io.RawIOBase):
    left = 0
    def readable(self): return True
    def seekable(self): return False
    def readinto(self, buffer):
        count = min(len(buffer), self.left)
        buffer[:count] = (bytes(range(256)) * (count // 256 + 1))[:count]
        self.left -= count
        return count

def content(length):
    stream = Endless()
    stream.left = length
    return File(io.BufferedReader(stream, 1 << 16))

def largest():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

def through(length):
    name = storage.save("a.bin", content(length))
    assert storage.size(name) == length
    with storage.open(name) as file:
        assert sum(map(len, file.chunks())) == length
        file.seek(length - 7)
        assert len(file.read()) == 7
    storage.delete(name)

through(1 << 20)
before = largest()
through(size)
print(largest() - before)
"""


@pytest.mark.slow
@pytest.mark.clause("A6.3")
@pytest.mark.skipif(sys.platform != "linux", reason="kilobytes are Linux's measure")
def test_a_large_file_needs_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    """Writing, asking for its size, reading it whole and in part."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), str(MEGABYTES)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < ALLOWED * 1024
