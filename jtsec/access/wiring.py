"""Connects access to Django's checks."""

from __future__ import annotations

from django.core.checks import register

from jtsec.core.evidence import register_evidence

from . import checks, evidence


def wire() -> None:
    """Register checks and evidence."""
    for check in checks.ALWAYS:
        register(check, "jtsec")
    for check in checks.BEFORE_GOING_LIVE:
        register(check, "jtsec", deploy=True)
    register_evidence("access", evidence.facts)
