"""
Django's own suites, run with jtsec installed and applied.

    python -m tests.adopters.django_suites            compare with the reference page
    python -m tests.adopters.django_suites --write    write the page anew

The suites are in Django's source distribution, which pip downloads; with
`--sources FOLDER` an unpacked one is used. Writing runs them a second time without
the rules for passwords: what passes then differs because of them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

import django

from tests.adopters import django_page
from tests.adopters.django_page import Failure

ROOT = Path(__file__).parents[2]
SAME, DIFFERENT, SKIPPED = 0, 1, 3


class SourcesMissing(Exception):
    """Says that Django's source distribution cannot be had here."""


def fetch_sources(folder: Path) -> Path:
    """
    Download and unpack the source distribution of the installed Django.

    Raises:
        SourcesMissing: pip could not; names its last line.
    """
    wanted = f"Django=={django.get_version()}"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet"),
            *("--no-binary", ":all:", "--no-deps", "--dest", str(folder), wanted),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    found = sorted(folder.glob("*.tar.gz"))
    if done.returncode or not found:
        said = done.stdout.strip().splitlines() or ["pip said nothing"]
        raise SourcesMissing(f"no source distribution of {wanted}: {said[-1]}")
    with tarfile.open(found[0]) as archive:
        archive.extractall(folder, filter="data")
    return next(path for path in folder.iterdir() if path.is_dir())


def run_suites(sources: Path, **environment: str) -> tuple[int, dict[str, Failure]]:
    """
    Run the suites in a process of their own.

    Args:
        sources: the unpacked source distribution.
        environment: switches of `django_settings`.

    Returns:
        The number of tests, and what failed, by the test's name.
    """
    tests = sources / "tests"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "failures.json"
        done = subprocess.run(
            [sys.executable, "-m", "tests.adopters.django_run", str(target)],
            cwd=tests,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.adopters.django_settings",
                "PYTHONPATH": os.pathsep.join([str(ROOT), str(tests)]),
                "RUNNING_DJANGOS_TEST_SUITE": "true",
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if not target.exists():
            raise AssertionError(f"the suites did not run:\n{done.stdout[-3000:]}")
        told = json.loads(target.read_text())
    return told["number"], {
        name: Failure(name, text) for name, text in told["failures"].items()
    }


def without_rules(failures: Mapping[str, Failure], sources: Path) -> set[str]:
    """Return what fails for no other reason than the rules for passwords."""
    _number, others = run_suites(sources, RULES="0")
    return failures.keys() - others.keys()


def main() -> int:
    """Run, compare or write, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            sources = arguments.sources or fetch_sources(Path(folder))
        except SourcesMissing as missing:
            print(f"skipped: {missing}")
            return SKIPPED
        number, failures = run_suites(sources)
        if arguments.write:
            by_rules = without_rules(failures, sources)
            unexplained = django_page.write(number, failures, by_rules)
            print(*unexplained, sep="\n")
            return DIFFERENT if unexplained else SAME
    said = django_page.differences(failures)
    print(*said or ["as the page says"], sep="\n")
    return DIFFERENT if said else SAME


if __name__ == "__main__":
    sys.exit(main())
