"""Connects verification: its check and what it can prove."""

from __future__ import annotations

from django.core.checks import Tags

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register


def wire() -> None:
    """Register the check and the evidence."""
    from . import checks, evidence

    register(checks.check_newest_checkpoint, "jtsec", Tags.database)
    register_evidence("audit.verifying", evidence.facts)
