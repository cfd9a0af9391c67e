"""A store of secrets to try things on, in private folders outside of any project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from django.conf import settings
from django.test import override_settings
from django.utils.translation import override

from jtsec.secrets.accounts import Accounts
from jtsec.secrets.places import KEY_VARIABLE, STORE_VARIABLE
from jtsec.secrets.taking_up import ACCOUNTS


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


@pytest.fixture
def accounts(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Accounts]:
    """Make two accounts at the server, and say in the settings that they are used."""
    # It needs a connection, and so the settings.
    from tests.secrets.two_accounts import DBA_KEY, NAME, two_accounts

    key = tmp_path / "dba.pem"
    key.write_text(DBA_KEY.public.to_pem())
    monkeypatch.setitem(settings.DATABASES["default"], ACCOUNTS, NAME)
    with override_settings(JTSEC_SECRETS_DBA_KEY_FILE=str(key)), two_accounts() as made:
        yield made
