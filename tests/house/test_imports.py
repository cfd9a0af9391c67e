"""Which way imports go, and through which door."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports

from tests.house.sources import PACKAGE, ROOT

DOORS = {"api", "conf", "decorators", "events", "models"}
OPEN_TO_ALL = {"core", "crypto", "fields"}
# What puts the controls together: it connects them, guards with them, shows them.
COMPOSITION = {
    "admin",
    "apps",
    "middleware",
    "models",
    "preset",
    "templatetags",
    "urls",
}
COMPOSITION_DOORS = DOORS | {"urls", "views", "wiring"}
# A command and a migration belong to the control they are named for; test support
# takes its place.
INSIDERS = {"management", "migrations", "testing"}


def test_the_contracts_of_the_layers_hold(capsys: pytest.CaptureFixture[str]) -> None:
    """Rows import only rows below, nothing goes round in a circle."""
    code = lint_imports(
        config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True
    )
    assert code == 0, capsys.readouterr().out


def test_a_control_is_entered_through_its_doors() -> None:
    """What is behind a door may change without asking the other controls."""
    graph = grimp.build_graph("jtsec", cache_dir=None)
    breaches = [
        f"{importer} imports {imported}"
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if not is_allowed(importer, imported)
    ]
    assert breaches == []


def is_allowed(importer: str, imported: str) -> bool:
    """Say whether one module of the package may import another."""
    own = importer.split(".")[1:2]
    other = imported.split(".")[1:]
    if not own or not other or own[0] == other[0] or own[0] in INSIDERS:
        return True
    if other[0] in OPEN_TO_ALL or len(other) == 1:
        return True
    # A part of a control (`audit.sealing`) has doors of its own.
    return other[-1] in (COMPOSITION_DOORS if own[0] in COMPOSITION else DOORS)


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("jtsec.sessions.api", "jtsec.audit.api", True),
        ("jtsec.sessions.api", "jtsec.audit.writer", False),
        ("jtsec.sessions.api", "jtsec.audit.sealing.api", True),
        ("jtsec.sessions.api", "jtsec.audit.sealing.sealer", False),
        ("jtsec.sessions.api", "jtsec.sessions.gate", True),
        ("jtsec.sessions.api", "jtsec.core.clock", True),
        ("jtsec.apps", "jtsec.audit.wiring", True),
        ("jtsec.apps", "jtsec.audit.writer", False),
    ],
)
def test_the_doors_are_where_they_should_be(
    importer: str, imported: str, allowed: bool
) -> None:
    """The rule of the doors refuses what it should refuse."""
    assert is_allowed(importer, imported) is allowed


@pytest.mark.parametrize(
    "name", ["jtsec", "jtsec.preset", "jtsec.fields", "jtsec.secrets", "jtsec.crypto"]
)
def test_what_settings_import_needs_no_django_set_up(name: str) -> None:
    """A project's settings, and its models, import these before Django is ready."""
    if not (PACKAGE.parent / Path(*name.split("."))).is_dir():
        pytest.skip(f"{name} is not part of this version")
    subprocess.run([sys.executable, "-c", f"import {name}"], cwd=ROOT, check=True)
