"""Key files to try things on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from django.test import override_settings
from django.utils.translation import override

from jtsec.keys import api
from jtsec.keys.format import dump_ring
from tests import keyring

UseFile = Callable[[Path], None]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Say in the words of the sources what is wrong with a file."""
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    """Read the ring of the run again after each test."""
    yield
    api.reload()


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """Return a whole key file in a private folder."""
    data = dump_ring(keyring.known_ring("other"), keyring.CREATED)
    return keyring.write(tmp_path / "jtsec.keys", data)


@pytest.fixture
def use() -> Iterator[UseFile]:
    """Return a verb that puts a key file in force."""
    changed: list[override_settings] = []

    def put(path: Path) -> None:
        setting = override_settings(JTSEC_KEYS_FILE=str(path))
        setting.enable()
        changed.append(setting)

    yield put
    for setting in reversed(changed):
        setting.disable()
