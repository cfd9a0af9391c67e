"""gunicorn with several workers and threads, as in production."""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.databases import run_directory
from tests.services.sharing import launch, require_alive, stop, wait_until

ROOT = Path(__file__).resolve().parents[2]
READY_DIRECTORY = "JTSEC_TEST_GUNICORN_READY"


@dataclass(frozen=True)
class Server:
    """A gunicorn that runs: its URL without a final slash, its id, its log."""

    url: str
    pid: int
    log: Path

    def stop(self) -> None:
        """End it in order and wait until it is gone."""
        stop(self.pid, signal.SIGTERM)


def start(
    application: str, *, workers: int, threads: int, environment: Mapping[str, str]
) -> Server:
    """
    Start gunicorn and wait until every worker has loaded the application.

    Args:
        application: As gunicorn wants it, `package.module:name`.
        workers: Number of processes.
        threads: Number of threads in each.
        environment: What to add to this process's environment.
    """
    directory = Path(tempfile.mkdtemp(prefix="gunicorn-", dir=run_directory()))
    log = directory / "log"
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        # gunicorn inherits the listening socket, so no other process can take the
        # port between the choice and the start.
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        command = [
            *(sys.executable, "-m", "gunicorn", application),
            *("--bind", f"fd://{listener.fileno()}"),
            *("--workers", str(workers), "--threads", str(threads)),
            *("--worker-class", "gthread", "--timeout", "60", "--no-control-socket"),
            *("--config", str(Path(__file__).with_name("gunicorn_ready.py"))),
        ]
        process = launch(
            command,
            log=log,
            pass_fds=[listener.fileno()],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                **environment,
                READY_DIRECTORY: str(directory),
            },
        )

    def loaded() -> bool:
        require_alive(process, log=log)
        return len(list(directory.glob("worker-*"))) >= workers

    try:
        wait_until(loaded, what=f"gunicorn with {application}")
    except TimeoutError:
        stop(process.pid, signal.SIGKILL)
        raise
    return Server(url, process.pid, log)
