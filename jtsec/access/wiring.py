"""Connects access to the checks and the evidence."""

from __future__ import annotations

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register

from . import checks, evidence


def wire() -> None:
    """Register checks and evidence."""
    for check in checks.ALWAYS:
        register(check, "jtsec")
    for check in checks.BEFORE_GOING_LIVE:
        register(check, "jtsec", deploy=True)
    register_evidence("access", evidence.facts)
