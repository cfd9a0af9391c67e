"""Connects the secrets to Django's checks, the events and the evidence."""

from __future__ import annotations

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register

from . import checks, events, evidence

EVENTS = events
"""Imported here so that what the commands record is known to the reference."""


def wire() -> None:
    """Register checks and facts; the search of all files is for a deployment."""
    register(checks.check_store, "jtsec")
    for check in checks.ON_DEPLOY:
        register(check, "jtsec", deploy=True)
    register_evidence("secrets", evidence.facts)
