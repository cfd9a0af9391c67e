"""Connects the key ring to Django's checks, the evidence and changed settings."""

from __future__ import annotations

from django.core import checks as django_checks
from django.core.signals import setting_changed

from jtsec.core.evidence import register_evidence

from . import api, checks, evidence


def wire() -> None:
    """Register checks and facts; drop the ring in memory when a test names another."""
    for check in checks.ALL:
        django_checks.register(check, "jtsec")
    register_evidence("keys", evidence.facts)
    setting_changed.connect(api.reload, dispatch_uid="jtsec.keys.api.reload")
