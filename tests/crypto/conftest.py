"""Runs what uses SM2 once for each software provider."""

from __future__ import annotations

import pytest

from jtsec.crypto import sm2, sm2_provider
from jtsec.crypto.sm2_contract import Sm2Provider
from jtsec.crypto.sm2_gmssl import GmsslProvider


@pytest.fixture(params=["gmssl", "gmssl_pyx"])
def provider(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Sm2Provider:
    """The SM2 provider in use for this test."""
    found = sm2_provider.software_providers().get(request.param)
    if found is None:
        pytest.skip(f"the SM2 provider {request.param} is not installed")
    monkeypatch.setattr(sm2, "active_provider", lambda: found)
    return found


@pytest.fixture
def pure(monkeypatch: pytest.MonkeyPatch) -> GmsslProvider:
    """The hardened wrapper around gmssl, in use for this test."""
    found = GmsslProvider()
    monkeypatch.setattr(sm2, "active_provider", lambda: found)
    return found
