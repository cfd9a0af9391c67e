"""Masks what is logged from now on, and registers checks and evidence."""

from __future__ import annotations

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register

from . import checks, evidence, log_records


def wire() -> None:
    """Connect the masking."""
    log_records.install()
    register(checks.check_declarations, "jtsec")
    register(checks.check_forgotten, "jtsec")
    register_evidence("masking", evidence.facts)
