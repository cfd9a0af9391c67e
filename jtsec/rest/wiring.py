"""Connects the interfaces for programs to the checks."""

from __future__ import annotations

from jtsec.core.gates import register

from . import checks


def wire() -> None:
    """Register the checks; works where the REST framework is not installed."""
    register(checks.check_default_permission, "jtsec")
