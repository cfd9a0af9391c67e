"""Connects the key ring to Django's checks, the evidence and changed settings."""

from __future__ import annotations

from django.core.signals import setting_changed

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register, register_gate

from . import api, checks, evidence


def wire() -> None:
    """Register checks and facts; drop the ring in memory when a test names another."""
    register_gate(checks.check_ring, 3)
    for check in checks.ALL:
        register(check, "jtsec")
    register_evidence("keys", evidence.facts)
    setting_changed.connect(api.reload, dispatch_uid="jtsec.keys.api.reload")
