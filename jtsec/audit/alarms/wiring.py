"""Connects the alarms: checks, evidence, and the sending after responses."""

from __future__ import annotations

from django.core.signals import request_finished

from jtsec.audit import immutability
from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register


def wire() -> None:
    """Name what is append-only, register the rest, send what is due after responses."""
    from . import after_responses, checks, evidence
    from .protection import TABLES

    for table in TABLES:
        immutability.protect(table)
    for check in checks.ALWAYS:
        register(check, "jtsec")
    register_evidence("audit.alarms", evidence.facts)
    request_finished.connect(
        after_responses.look_after_response, dispatch_uid="jtsec.audit.alarms"
    )
