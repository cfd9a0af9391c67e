"""What the tests of the errors share."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from jtsec.crypto import sm2
from tests import keyring


@pytest.fixture
def key() -> sm2.PrivateKey:
    """Return the developers' private key."""
    return keyring.error_private_key()


@pytest.fixture
def key_file(tmp_path: Path, key: sm2.PrivateKey) -> str:
    """Return the path of the private key's file."""
    path = tmp_path / "error.pem"
    path.write_text(key.to_pem())
    return str(path)


@pytest.fixture
def site(settings: Any) -> None:
    """Serve the views that fail, without the guard, which other tests cover."""
    settings.ROOT_URLCONF = "tests.errors.site"
    settings.MIDDLEWARE = [
        "tests.audit.site.BoundaryMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ]


@pytest.fixture(autouse=True)
def django_keeps_its_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Leave Django's own log line out of the captured output.

    It repeats what the exception said, half a character among it, which cannot be
    sent from one process of the run to another.
    """
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
