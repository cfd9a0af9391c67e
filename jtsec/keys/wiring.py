"""Connects the key ring to Django's checks, the evidence and changed settings."""

from __future__ import annotations

from django.core.checks import Tags
from django.core.signals import request_finished, setting_changed

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register, register_gate

from . import api, checks, evidence
from .usage.api import flush_if_due
from .usage.checks import check_usage


def wire() -> None:
    """Register checks and facts; drop the ring in memory when a test names another."""
    register_gate(checks.check_ring, 3)
    for check in checks.ALL:
        register(check, "jtsec")
    register(check_usage, "jtsec", Tags.database)
    request_finished.connect(flush_if_due, dispatch_uid="jtsec.keys.usage.flush_if_due")
    register_evidence("keys", evidence.facts)
    setting_changed.connect(api.reload, dispatch_uid="jtsec.keys.api.reload")
