"""Connects the audit: its checks and what it can prove."""

from __future__ import annotations

from django.core.checks import Tags

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register


def wire() -> None:
    """Register the checks and the evidence."""
    from . import checks, evidence

    register(checks.check_append_only, "jtsec", Tags.database)
    register_evidence("audit", evidence.facts)
