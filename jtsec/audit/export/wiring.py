"""Connects the export: its checks and what it can prove."""

from __future__ import annotations

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register


def wire() -> None:
    """Register the check and the evidence."""
    from . import checks, evidence

    register(checks.check_configured, "jtsec")
    register_evidence("audit export", evidence.facts)
