"""Connects what is left behind to logouts and to the end of sessions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_out

from jtsec.core.evidence import register_evidence
from jtsec.core.headers import clear_browser
from jtsec.sessions.api import on_ended

from . import evidence
from .folders import remove_of_sessions


def wire() -> None:
    """Let files go with their session, and have the browser forget at logout."""
    on_ended("temporary files", remove_of_sessions)
    user_logged_out.connect(_forget, dispatch_uid="jtsec.protection.residual.forget")
    register_evidence("residual", evidence.facts)


def _forget(sender: Any, request: Any, **kwargs: Any) -> None:
    if request is not None:
        clear_browser(getattr(request, "_request", request))
