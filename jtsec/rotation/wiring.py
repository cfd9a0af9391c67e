"""Connects key rotation to the catalogue of events."""

from __future__ import annotations

from . import events

EVENTS = events
"""Imported here so that what the commands record is known to the reference."""


def wire() -> None:
    """Connect nothing: what is done here is done by commands."""
