"""Child processes: one compared project in each, asked in turn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.stacks import Stack

PARTS = "JTSEC_BENCH_PARTS"
DATABASE = "JTSEC_BENCH_DATABASE"
HASHER = "JTSEC_BENCH_HASHER"
ANSWER = "jtsec-bench "

ROOT = Path(__file__).resolve().parents[1]


class Child:
    """
    A process that does what it is told, one thing at a time.

    Args:
        module: what runs in it; calls `benchmarks.child.serve`.
        stack: the project.
        database: the value of `DATABASES["default"]`.
        hasher: the dotted path of the password hasher, "" for the project's own.
        arguments: of the command line.
    """

    def __init__(
        self,
        module: str,
        stack: Stack,
        database: Mapping[str, Any],
        hasher: str = "",
        arguments: Sequence[str] = (),
    ) -> None:
        self.stack = stack
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **environment(stack, database, hasher)},
        )

    def ask(self, verb: str, *arguments: Any) -> Any:
        """
        Let the child do something and return its answer.

        Raises:
            RuntimeError: it ended; what it said stands on standard error.
        """
        self.tell(verb, *arguments)
        return self.answer()

    def tell(self, verb: str, *arguments: Any) -> None:
        """Let the child begin something; others may do the same meanwhile."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([verb, *arguments]) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        """Return what came of it; raises as `ask`."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(ANSWER):
                return json.loads(line.removeprefix(ANSWER))
        raise RuntimeError(f"the process of {self.stack.name} ended")

    def stop(self) -> None:
        """End it and wait for it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)


def environment(
    stack: Stack, database: Mapping[str, Any], hasher: str
) -> dict[str, str]:
    """Return what makes a process that project."""
    return {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        PARTS: ",".join(stack.parts),
        DATABASE: json.dumps(dict(database)),
        HASHER: hasher,
    }
