"""Connects sealing: its checks, its evidence, its tables, and the end of a response."""

from __future__ import annotations

from django.core.checks import Tags
from django.core.signals import request_finished

from jtsec.audit import immutability
from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register


def wire() -> None:
    """Register the checks and the evidence, protect the tables, seal when due."""
    from . import checks, evidence
    from .protection import TABLES
    from .responses import seal_when_due

    for table in TABLES:
        immutability.protect(table)
    register(checks.check_anchors, "jtsec")
    register(checks.check_anchored, "jtsec", deploy=True)
    register(checks.check_tables, "jtsec", Tags.database)
    register_evidence("audit.sealing", evidence.facts)
    request_finished.connect(seal_when_due, dispatch_uid="jtsec.audit.sealing")
