"""Connects the reports: their check and what they can prove."""

from __future__ import annotations

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register


def wire() -> None:
    """Register the check and the evidence."""
    from . import checks, evidence

    register(checks.check_libraries, "jtsec")
    register_evidence("audit.reports", evidence.facts)
