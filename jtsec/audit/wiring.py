"""Connects the audit: its checks and what it can prove."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from django.core.checks import Tags

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register

PARTS: Final[tuple[str, ...]] = (
    "sealing",
    "verifying",
    "policies",
    "coverage",
    "alarms",
    "query",
    "rules",
    "export",
    "archive",
    "reports",
)
"""The parts of the control, from the bottom up; each has a `wiring.wire()`."""


def wire() -> None:
    """Register the checks and the evidence, then connect every part."""
    from . import checks, evidence

    register(checks.check_append_only, "jtsec", Tags.database)
    register_evidence("audit", evidence.facts)
    for part in PARTS:
        import_module(f"jtsec.audit.{part}.wiring").wire()
