"""The project's own files, as the rules of the house look at them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "jtsec"


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, with slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Return its syntax tree."""
        return ast.parse(self.text, self.path)

    @property
    def size(self) -> int:
        """Return how many lines it has."""
        return len(self.text.splitlines())

    def functions(self) -> Iterator[tuple[str, int]]:
        """Yield the name and the number of lines of each function."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def modules() -> list[Module]:
    """Return the modules of the package, without its migrations."""
    return [
        Module(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations" not in path.parts
    ]


def tracked_texts() -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every text file that the history holds."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    for name in filter(None, names.split("\0")):
        path = ROOT / name
        if path.is_file():
            try:
                yield name, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a picture, a font, compiled messages


def is_a_checkout() -> bool:
    """Say whether git can tell what belongs to the project."""
    return (ROOT / ".git").exists()
