"""Connects the preset to Django's checks."""

from __future__ import annotations

from django.core.checks import register

from . import checks


def wire() -> None:
    """Register the checks."""
    for check in checks.ALWAYS:
        register(check, "jtsec")
    for check in checks.BEFORE_GOING_LIVE:
        register(check, "jtsec", deploy=True)
