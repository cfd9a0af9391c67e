"""Connects the token's settings and check; nothing of PKCS#11 itself is imported."""

from __future__ import annotations

from jtsec.core.gates import register

from .checks import check_way_to_token


def wire() -> None:
    """Register the check."""
    register(check_way_to_token, "jtsec")
