"""Connects the protection of data: statements, checks, and each part by its own."""

from __future__ import annotations

from django.core.signals import request_finished

from .masking import wiring as masking


def wire() -> None:
    """Lead the ORM's statements past the seals; models may be made later than this."""
    from . import statements
    from .watching import WATCH

    statements.seal_statements()
    request_finished.connect(
        WATCH.look_when_due, dispatch_uid="jtsec.protection.watching"
    )
    masking.wire()
