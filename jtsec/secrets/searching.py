"""
Goes through the project's files and says where secrets stand in clear.

Tests are left out but for private keys and issued tokens: their passwords are of
people who do not exist. So is what the project did not write: environments, packages
and what its users uploaded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings

from .finding import Finding, Kind
from .literals import in_configuration, in_python

LARGEST_FILE: Final = 1 << 20
MOST_FILES: Final = 20_000
ENDINGS: Final = frozenset(
    {".cfg", ".conf", ".env", ".ini", ".json", ".pem", ".key", ".properties", ".sh",
     ".toml", ".yaml", ".yml"}
)  # fmt: skip
SAMPLES: Final = (".example", ".sample", ".template", ".dist")
NOT_OURS: Final = frozenset(
    {"node_modules", "site-packages", "dist-packages", "bower_components",
     "__pycache__", ".git", ".hg", ".svn", ".tox", ".nox", ".eggs", ".cache",
     ".mypy_cache", ".ruff_cache", ".pytest_cache"}
)  # fmt: skip
TESTS: Final = frozenset({"test", "tests", "testing", "fixtures", "benchmarks"})


class Searched(NamedTuple):
    """What was found, and whether all was looked at."""

    findings: tuple[Finding, ...]
    files: int
    is_whole: bool


def project_root() -> Path | None:
    """Return BASE_DIR, or the folder from which the settings are imported."""
    base = getattr(settings, "BASE_DIR", None)
    if base:
        return Path(base).resolve()
    file = _settings_file()
    if file is None:
        return None
    if file.name == "__init__.py":
        file = file.parent
    # From a/b/settings.py, imported as b.settings, up to a.
    return file.parents[os.environ["DJANGO_SETTINGS_MODULE"].count(".")]


def search(root: Path) -> Searched:
    """Return the secrets that stand in clear in the files below a folder."""
    found: set[Finding] = set()
    number = 0
    for path in _files(root):
        number += 1
        if number > MOST_FILES:
            return Searched(tuple(sorted(found)), MOST_FILES, is_whole=False)
        found.update(_in_file(path, path.relative_to(root), *_version(path)))
    return Searched(tuple(sorted(found)), number, is_whole=True)


def _version(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError:
        return 0, 0
    return state.st_mtime_ns, state.st_size


@lru_cache(maxsize=MOST_FILES)
def _in_file(
    path: Path, relative: Path, changed: int, size: int
) -> tuple[Finding, ...]:
    """Return what a file has; once for each of its versions."""
    if size > LARGEST_FILE:
        return ()
    try:
        text = path.read_text("utf-8", errors="replace")
    except OSError:
        return ()  # what this process cannot read, it does not give away either
    name = relative.as_posix()
    if path.suffix == ".py":
        kind = Kind.SETTINGS if _are_settings(path, relative) else Kind.CODE
        found = tuple(in_python(text, name, kind))
    else:
        found = tuple(in_configuration(text, name))
    if _is_a_test(relative):
        return tuple(one for one in found if one.kind is Kind.KEY)
    return found


def _are_settings(path: Path, relative: Path) -> bool:
    return (
        path == _settings_file()
        or "settings" in path.stem
        or "settings" in relative.parts[:-1]
    )


def _settings_file() -> Path | None:
    module = sys.modules.get(os.environ.get("DJANGO_SETTINGS_MODULE", ""))
    file = getattr(module, "__file__", None)
    return Path(file).resolve() if file else None


def _is_a_test(relative: Path) -> bool:
    name = relative.name
    return (
        not TESTS.isdisjoint(relative.parts[:-1])
        or name.startswith("test_")
        or name in ("conftest.py", "tests.py")
        or name.endswith("_test.py")
    )


def _files(root: Path) -> Iterator[Path]:
    uploaded = {str(Path(one).resolve()) for one in _written_by_others()}
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            one
            for one in folders
            if one not in NOT_OURS
            and str(Path(folder) / one) not in uploaded
            and not (Path(folder) / one / "pyvenv.cfg").exists()
        )
        for name in sorted(names):
            path = Path(folder) / name
            if _is_looked_at(name) and not path.is_symlink():
                yield path


def _written_by_others() -> Iterator[str]:
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        place = getattr(settings, name, None)
        if place:
            yield str(place)


def _is_looked_at(name: str) -> bool:
    if name.endswith(SAMPLES):
        return False
    if name == ".env" or name.startswith((".env.", "Dockerfile")):
        return True
    return name.endswith(".py") or Path(name).suffix in ENDINGS
