"""The small project, in a folder and in processes of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "adopters" / "small"


def make_project(folder: Path) -> Path:
    """Make a copy of the small project."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(SMALL, folder / "small", ignore=ignored))


def run(
    folder: Path,
    *arguments: str,
    expected: int = 0,
    database: Mapping[str, Any] | None = None,
) -> str:
    """Run Python in the project, on a database, and return what it said."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "JTSEC_", "DJANGO_"))
    }
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={
            **kept,
            **({"SMALL_DATABASE": json.dumps(database)} if database else {}),
            "DJANGO_SETTINGS_MODULE": "small_settings",
            "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == expected, done.stdout
    return done.stdout


def run_pytest(folder: Path, *options: str, expected: int = 0) -> str:
    """Run the project's tests with pytest."""
    quiet = "-q", "-p", "no:cacheprovider", "-p", "no:randomly"
    return run(folder, "-m", "pytest", *quiet, *options, expected=expected)


def run_unittest(
    folder: Path, *options: str, database: Mapping[str, Any] | None = None
) -> str:
    """Run the project's tests with Django's runner, as the settings name it."""
    return run(folder, "-m", "django", "test", *options, database=database)
