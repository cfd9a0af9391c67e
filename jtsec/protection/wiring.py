"""Connects the protection of data: statements, looks, checks, each part by its own."""

from __future__ import annotations

from importlib import import_module

from django.core.signals import request_finished

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register

from .extraction import wiring as extraction
from .masking import wiring as masking
from .residual import wiring as residual
from .transient import wiring as transient


def wire() -> None:
    """Lead the ORM's statements past the seals; models may be made later than this."""
    from . import checks, evidence, statements
    from .watching import look_when_due

    # Nothing else needs its settings before the first look, and checks know them.
    import_module("jtsec.protection.conf")
    statements.seal_statements()
    request_finished.connect(look_when_due, dispatch_uid="jtsec.protection.watching")
    for check in checks.ALL:
        register(check, "jtsec")
    register_evidence("protection", evidence.facts)
    masking.wire()
    transient.wire()
    residual.wire()
    extraction.wire()
