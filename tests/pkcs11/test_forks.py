"""Processes that fork while the token is open: each has a session of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.pkcs11.processes import as_environment, mac

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
]
ROOT = Path(__file__).parents[2]


def forked(how: str) -> list[str]:
    """Return what became of the children, and whether the parent goes on."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.pkcs11.processes", how],
        env=as_environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Error" not in done.stderr
    return done.stdout.split()


def test_children_of_a_process_with_a_busy_token_read_the_ring(locked):
    """A thread is inside the library while it forks: nobody hangs, all can read."""
    assert forked("guarded") == ["0", "0", "0", "True"]


def test_without_the_guard_the_children_would_hang(locked):
    """With the protection removed, each waits for a thread that it does not have."""
    assert forked("unguarded") == ["14", "14", "14", "True"]


@contextmanager
def served() -> Iterator[str]:
    """Serve from two workers that are forked after the keys were read."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--preload", "--workers", "2"),
            *("--bind", address, "--log-level", "warning"),
            "tests.pkcs11.processes:application",
        ],
        env=as_environment(),
        cwd=ROOT,
    )
    try:
        yield f"http://{address}/"
    finally:
        server.terminate()
        server.wait(30)


def asked(address: str, patience: float = 60) -> tuple[str, str]:
    """Return the process that answers, and its MAC."""
    end = time.monotonic() + patience
    while True:
        try:
            with urlopen(address, timeout=10) as answer:
                process, told = answer.read().decode().split()
                return process, told
        except URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def test_preforked_workers_serve_from_one_token(locked):
    """Gunicorn with --preload: the parent had it open, two workers answer alike."""
    pytest.importorskip("gunicorn", reason="gunicorn is not installed")
    with served() as address:
        told = dict(asked(address) for _ in range(40))
    assert len(told) == 2
    assert set(told.values()) == {mac().hex()}
