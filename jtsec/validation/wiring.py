"""Declares the settings of validation and offers its evidence."""

from __future__ import annotations

from jtsec.core.evidence import register_evidence

from . import conf, evidence

__all__ = ["conf", "wire"]


def wire() -> None:
    """Offer the evidence; importing `conf` has declared the settings."""
    register_evidence("validation", evidence.facts)
