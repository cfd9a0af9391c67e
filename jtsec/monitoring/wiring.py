"""Connects the monitoring: what it can prove."""

from __future__ import annotations

from jtsec.core.evidence import register_evidence


def wire() -> None:
    """Offer the evidence; importing the verbs has declared the events."""
    from . import evidence

    register_evidence("monitoring", evidence.facts)
