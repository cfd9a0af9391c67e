"""The example as a newcomer runs it: its own settings, its own process, real HTTP."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.services.sharing import launch, require_alive, stop, wait_until

MANAGE = Path(__file__).parents[2] / "example_project" / "manage.py"
ADDRESS = re.compile(r"http://127\.0\.0\.1:[1-9]\d*")
READY = "服务已启动"
INHERITED = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "JTSEC_EXAMPLE_KEYS")


@dataclass(frozen=True)
class Demonstration:
    """
    One copy of the example.

    Attributes:
        folder: holds its keys in `private`, its database in `var`.
        extra: more environment, such as DATABASE_URL.
    """

    folder: Path
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """Return the SQLite file."""
        return self.folder / "var" / "example.sqlite3"

    @property
    def private(self) -> Path:
        """Return the folder of the keys."""
        return self.folder / "private"

    @property
    def error_key(self) -> Path:
        """Return the private half of the error key."""
        return self.private / "jtsec-error-private.pem"

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment in which every command of this copy runs."""
        inherited = {k: v for k, v in os.environ.items() if k not in INHERITED}
        return inherited | {
            "JTSEC_EXAMPLE_PRIVATE": str(self.private),
            "JTSEC_EXAMPLE_VAR": str(self.folder / "var"),
            "PYTHONIOENCODING": "utf-8",
            **self.extra,
        }

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command and return what it printed."""
        return subprocess.run(
            [sys.executable, str(MANAGE), *arguments],
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def prepare(
        self, *arguments: str, with_history: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run `demo` without serving; a year of events takes it twice the time."""
        less = () if with_history else ("--no-history",)
        return self.manage("demo", "--no-serve", *less, *arguments)

    def copy_to(self, folder: Path) -> Demonstration:
        """Return a copy with the same keys and database."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Demonstration(folder, self.extra)

    @contextmanager
    def served(self) -> Iterator[str]:
        """Serve it as `make demo` does, and give the address without a slash."""
        log = self.folder / "server.log"
        process = launch(
            [sys.executable, str(MANAGE), "demo", "--port", "0"],
            log=log,
            env=self.environment,
        )

        def is_ready() -> bool:
            require_alive(process, log=log)
            return READY in log.read_text("utf-8")

        try:
            wait_until(is_ready, what="the example")
            found = ADDRESS.search(log.read_text("utf-8"))
            assert found is not None
            yield found[0]
        finally:
            stop(process.pid, signal.SIGINT)
