"""A ring of its own for each test, and somebody who may change it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from django.utils.translation import override

from jtsec.authentication.console import person_named
from jtsec.core.context import acting_as
from jtsec.keys import api as keys
from jtsec.keys.format import dump_ring
from jtsec.rotation import api
from tests import keyring
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import registered


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Say in the words of the sources what is wrong."""
    with override("en"):
        yield


@pytest.fixture
def ring_file(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Put a copy of the ring of the run in force, which may be changed."""
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    data = dump_ring(keyring.known_ring(), keyring.CREATED)
    path = keyring.write(folder / "jtsec.keys", data)
    settings.JTSEC_KEYS_FILE = str(path)
    keys.reload()
    yield path
    keys.reload()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no other process: there is none."""
    monkeypatch.setattr(api, "settle", lambda: None)


@pytest.fixture
def ops(ring_file: Path, cheap_passwords: None) -> Any:  # noqa: F811 - the fixture
    """Register the technical administrator."""
    return registered("ops", 1, duty="system")


@pytest.fixture
def as_ops(ops: Any, at_once: None) -> Iterator[None]:
    """Let the technical administrator act."""
    with acting_as(person_named("ops")):
        yield
