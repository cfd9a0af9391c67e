"""Connects the protection of data: statements, checks, and each part by its own."""

from __future__ import annotations

from django.core.signals import request_finished

from .extraction import wiring as extraction
from .masking import wiring as masking
from .residual import wiring as residual
from .transient import wiring as transient


def wire() -> None:
    """Lead the ORM's statements past the seals; models may be made later than this."""
    from . import statements
    from .watching import WATCH

    statements.seal_statements()
    request_finished.connect(
        WATCH.look_when_due, dispatch_uid="jtsec.protection.watching"
    )
    masking.wire()
    transient.wire()
    residual.wire()
    extraction.wire()
