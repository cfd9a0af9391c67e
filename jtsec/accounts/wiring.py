"""Connects the accounts: the last administrators stay; checks and evidence."""

from __future__ import annotations

from django.core.checks import Tags

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register
from jtsec.identity.api import on_deactivated


def wire() -> None:
    """Stand behind every deactivation, and register checks and evidence."""
    from . import checks, evidence
    from .last_administrators import keep_the_last

    on_deactivated(keep_the_last)
    for check in checks.DATABASE:
        register(check, "jtsec", Tags.database)
    register_evidence("accounts", evidence.facts)
