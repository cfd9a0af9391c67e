"""Registers the checks of what is drawn, and offers the evidence."""

from __future__ import annotations

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register

from . import checks, evidence


def wire() -> None:
    """Connect the extraction."""
    register(checks.check_forbidden, "jtsec")
    register(checks.check_columns, "jtsec")
    register_evidence("extraction", evidence.facts)
