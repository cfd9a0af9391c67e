"""The openssl program as a second opinion, skipped by name where it lacks SM2."""

from __future__ import annotations

import functools
import shutil
import subprocess
from pathlib import Path

import pytest

IDENT = "1234567812345678"


def run(*arguments: str | Path, data: bytes | None = None) -> bytes:
    """Runs `openssl` and returns its output; a failure raises."""
    done = attempt(*arguments, data=data)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def attempt(
    *arguments: str | Path, data: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Runs `openssl` and returns what became of it."""
    command = ["openssl", *map(str, arguments)]
    return subprocess.run(command, input=data, capture_output=True, check=False)


@functools.cache
def offers(*arguments: str) -> bool:
    """Says whether the program is there and a command of it succeeds."""
    return shutil.which("openssl") is not None and attempt(*arguments).returncode == 0


needs_sm2 = pytest.mark.skipif(
    not offers("genpkey", "-algorithm", "SM2"), reason="the openssl program lacks SM2"
)
needs_sm3 = pytest.mark.skipif(
    not offers("dgst", "-sm3", "/dev/null"), reason="the openssl program lacks SM3"
)
