"""Connects the queries: what they can prove."""

from __future__ import annotations

from jtsec.core.evidence import register_evidence


def wire() -> None:
    """Register the evidence."""
    from . import evidence

    register_evidence("audit.query", evidence.facts)
