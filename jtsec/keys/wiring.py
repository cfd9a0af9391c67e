"""Connects the key ring to changed settings."""

from __future__ import annotations

from django.core.signals import setting_changed

from . import api


def wire() -> None:
    """Drop the ring in memory when a test names another one."""
    setting_changed.connect(api.reload, dispatch_uid="jtsec.keys.api.reload")
