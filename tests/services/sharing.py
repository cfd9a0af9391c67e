"""One server of each kind per run, whoever of the run's processes asks first."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.databases import run_directory

PATIENCE_SECONDS = 90

# What this process started itself; a parent has to wait for its own children.
CHILDREN: dict[int, subprocess.Popen[bytes]] = {}


class NotInstalled(Exception):
    """Says that this machine lacks the program; its text names what is missing."""


@dataclass(frozen=True)
class Service:
    """
    A server that runs.

    Attributes:
        address: A URL, or the path of a socket, as its client wants it.
        stop_signal: What makes it end at once and in order.
    """

    address: str
    pid: int
    stop_signal: int = signal.SIGTERM


def shared(name: str, start: Callable[[Path], Service]) -> Service:
    """
    Return the run's server of this name; the first process that asks starts it.

    Raises:
        NotInstalled: The machine lacks it, in whichever process that was found.
    """
    found = once(name, lambda directory: first_start(directory, start))
    if "missing" in found:
        raise NotInstalled(found["missing"])
    if "failed" in found:
        raise RuntimeError(f"{name} did not start: {found['failed']}")
    return Service(**found)


def made_once(name: str, fill: Callable[[Path], None]) -> Path:
    """
    Return the run's folder of this name; the first process that asks fills it.

    Raises:
        RuntimeError: It could not be filled, in whichever process that was tried.
    """

    def filled(directory: Path) -> dict[str, Any]:
        try:
            fill(directory)
        except Exception as error:  # the others would wait for an answer in vain
            return {"failed": f"{type(error).__name__}: {error}"}
        return {}

    found = once(name, filled)
    if "failed" in found:
        raise RuntimeError(f"{name} was not made: {found['failed']}")
    return run_directory() / name


def once(name: str, make: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    """Return what `make` answers for the run's folder of this name, called once."""
    directory = run_directory() / name
    answer = directory.with_suffix(".json")
    try:
        directory.mkdir()
    except FileExistsError:
        return wait_for_answer(answer)
    found = make(directory)
    partial = answer.with_suffix(".partial")
    partial.write_text(json.dumps(found))
    partial.rename(answer)
    return found


def first_start(directory: Path, start: Callable[[Path], Service]) -> dict[str, Any]:
    """Start the server and return what every process of the run shall know of it."""
    # The server may run as another user, who must reach its folder.
    directory.parent.chmod(0o711)
    directory.chmod(0o755)
    try:
        return asdict(start(directory))
    except NotInstalled as missing:
        return {"missing": str(missing)}
    except Exception as error:  # the others would wait for an answer in vain
        return {"failed": f"{type(error).__name__}: {error}"}


def wait_for_answer(answer: Path) -> dict[str, Any]:
    """Wait until the process that came first has started the server."""
    wait_until(answer.exists, what=f"{answer.stem} in another process")
    found: dict[str, Any] = json.loads(answer.read_text())
    return found


def wait_until(ready: Callable[[], bool], *, what: str) -> None:
    """
    Wait until `ready` says so.

    Raises:
        TimeoutError: It did not within `PATIENCE_SECONDS`.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {PATIENCE_SECONDS} s for {what}")
        time.sleep(0.05)


def launch(
    command: list[str], *, log: Path, user: str | None = None, **options: Any
) -> subprocess.Popen[bytes]:
    """
    Start a server in a session of its own, so that Ctrl-C reaches pytest alone.

    Args:
        command: The program and its arguments.
        log: The file that takes what it prints.
        user: Whom it runs as, where this process is root.
        options: More arguments of `subprocess.Popen`.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user,
            extra_groups=[] if user else None,
            **{"cwd": log.parent, **options},
        )
    CHILDREN[process.pid] = process
    return process


def require_alive(process: subprocess.Popen[bytes], *, log: Path) -> None:
    """
    Refuse to wait for a server that has ended already.

    Raises:
        RuntimeError: It ended; the text holds the end of its log.
    """
    if process.poll() is not None:
        tail = log.read_text(errors="replace")[-8000:]
        raise RuntimeError(f"{process.args!r} ended with {process.returncode}: {tail}")


def stop(pid: int, stop_signal: int) -> None:
    """End one process by its id, and wait until it is gone."""
    child = CHILDREN.pop(pid, None)
    with contextlib.suppress(psutil.NoSuchProcess):
        process = child or psutil.Process(pid)
        process.send_signal(stop_signal)
        try:
            process.wait(timeout=20)
        except (psutil.TimeoutExpired, subprocess.TimeoutExpired):
            process.kill()
            process.wait(timeout=20)


def stop_all() -> None:
    """End the servers of this run."""
    for answer in sorted(run_directory().glob("*.json")):
        found = json.loads(answer.read_text())
        if "pid" in found:
            stop(found["pid"], found["stop_signal"])
