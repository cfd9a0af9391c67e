"""Connects the alarms: checks, evidence, and the sending after responses."""

from __future__ import annotations

from django.core.signals import request_finished

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register


def wire() -> None:
    """Register the checks and the evidence, and send what is due after responses."""
    from . import after_responses, checks, evidence

    for check in checks.ALWAYS:
        register(check, "jtsec")
    register_evidence("audit.alarms", evidence.facts)
    request_finished.connect(
        after_responses.deliver_after_response, dispatch_uid="jtsec.audit.alarms.send"
    )
