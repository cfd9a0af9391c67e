"""Connects transient data to the end of sessions, and offers the evidence."""

from __future__ import annotations

from jtsec.core.evidence import register_evidence
from jtsec.sessions.api import on_ended

from . import evidence
from .removal import remove_of_sessions


def wire() -> None:
    """Let transient data go with their session."""
    on_ended("transient data", remove_of_sessions)
    register_evidence("transient", evidence.facts)
