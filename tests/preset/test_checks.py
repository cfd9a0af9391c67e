"""What the checks say of a preset that is not in force, or of a proxy nobody named."""

from __future__ import annotations

import pytest

from django.test import override_settings

from jtsec.preset.checks import check_proxies


@pytest.mark.clause("A3.2.7")
@override_settings(USE_X_FORWARDED_HOST=True, JTSEC_SOURCE_TRUSTED_PROXIES=[])
def test_a_proxy_that_is_not_named_is_told() -> None:
    """Behind it everybody would have one address, and be blocked together."""
    assert [one.id for one in check_proxies(None)] == ["jtsec.E105"]


@override_settings(
    USE_X_FORWARDED_HOST=True, JTSEC_SOURCE_TRUSTED_PROXIES=["10.0.0.0/8"]
)
def test_a_named_proxy_is_well() -> None:
    """Its forwarded header tells the terminals apart."""
    assert check_proxies(None) == []


@override_settings(USE_X_FORWARDED_HOST=True, JTSEC_SOURCE_TRUSTED_PROXIES=["10.x"])
def test_a_proxy_that_cannot_be_read_is_left_to_the_check_of_settings() -> None:
    """The checks end with a sentence about the setting, not with a traceback."""
    assert check_proxies(None) == []
