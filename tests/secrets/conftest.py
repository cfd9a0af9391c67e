"""A store of secrets to try things on, in private folders outside of any project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from django.utils.translation import override

from jtsec.secrets.places import KEY_VARIABLE, STORE_VARIABLE


class Places(NamedTuple):
    """Where store and key of a test lie."""

    store: Path
    key: Path


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Say in the words of the sources what is wrong."""
    with override("en"):
        yield


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """Name a store and a key that are not there yet."""
    made = Places(tmp_path / "store" / "s.secrets", tmp_path / "keys" / "s.key")
    monkeypatch.setenv(STORE_VARIABLE, str(made.store))
    monkeypatch.setenv(KEY_VARIABLE, str(made.key))
    return made
