"""Connects the check that a server eases nothing."""

from __future__ import annotations

from jtsec.core.gates import register

from . import checks


def wire() -> None:
    """Register the check."""
    for check in checks.ALL:
        register(check, "jtsec")
