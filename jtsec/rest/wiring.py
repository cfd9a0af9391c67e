"""Connects the interfaces for programs to the checks and to what can be proved."""

from __future__ import annotations

from importlib import import_module

from django.core.checks import Tags

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register

from . import checks, evidence


def wire() -> None:
    """Register the checks; works where the REST framework is not installed."""
    # A misspelt setting is found also where no interface was called yet.
    import_module("jtsec.rest.conf")
    register(checks.check_default_permission, "jtsec")
    register(checks.check_clients, "jtsec", Tags.database)
    register_evidence("rest", evidence.facts)
