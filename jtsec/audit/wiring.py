"""Connects the audit: its checks and what it can prove."""

from __future__ import annotations


def wire() -> None:
    """Register the checks and the evidence."""
