"""Connects the parts of protection, each by its own wiring."""

from __future__ import annotations

from .masking import wiring as masking


def wire() -> None:
    """Wire every part."""
    masking.wire()
