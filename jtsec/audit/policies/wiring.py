"""Connects the policies: their check and what they can prove."""

from __future__ import annotations

from django.core.checks import Tags

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register


def wire() -> None:
    """Register the check and the evidence."""
    from . import checks, evidence

    register(checks.check_policies, "jtsec", Tags.database)
    register_evidence("audit.policies", evidence.facts)
