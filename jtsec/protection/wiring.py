"""Connects the parts of protection, each by its own wiring."""

from __future__ import annotations

from .extraction import wiring as extraction
from .masking import wiring as masking
from .residual import wiring as residual
from .transient import wiring as transient


def wire() -> None:
    """Wire every part."""
    masking.wire()
    transient.wire()
    residual.wire()
    extraction.wire()
