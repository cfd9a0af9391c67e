"""Connects the preset to Django's checks."""

from __future__ import annotations

from jtsec.core.gates import register, register_gate

from . import checks


def wire() -> None:
    """Register the checks."""
    register_gate(checks.check_guard, 2)
    for check in checks.ALWAYS:
        register(check, "jtsec")
    for check in checks.BEFORE_GOING_LIVE:
        register(check, "jtsec", deploy=True)
