"""Fixtures: backend, hasher and rules in force, whatever the settings say."""

from __future__ import annotations

from typing import Any

import pytest

from jtsec.preset.demands import DJANGO_HASHERS, PASSWORD_RULES

CHEAP = "tests.authentication.cheap.CheapHasher"
BACKEND = "jtsec.authentication.backend.IdentityBackend"


@pytest.fixture
def cheap_passwords(settings: Any) -> None:
    """Put the backend, the cheap hasher and every rule in force."""
    settings.AUTHENTICATION_BACKENDS = [BACKEND]
    settings.PASSWORD_HASHERS = [CHEAP, *DJANGO_HASHERS]
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": one} for one in PASSWORD_RULES]
