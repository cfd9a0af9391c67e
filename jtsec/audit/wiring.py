"""Connects the audit: its checks and what it can prove."""

from __future__ import annotations

from django.core import checks as django_checks

from jtsec.core.evidence import register_evidence


def wire() -> None:
    """Register the checks and the evidence."""
    from . import checks, evidence

    django_checks.register(
        checks.check_append_only, "jtsec", django_checks.Tags.database
    )
    register_evidence("audit", evidence.facts)
