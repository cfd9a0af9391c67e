"""The verbs of residual data (clause A6.4)."""

from __future__ import annotations

from jtsec.core.headers import clear_browser, keep_nothing
from jtsec.sessions.api import on_ended

from .clearing import Cleared, clear
from .decorators import kept_nowhere
from .folders import session_folder

__all__ = [
    "Cleared",
    "clear",
    "clear_browser",
    "keep_nothing",
    "kept_nowhere",
    "on_ended",
    "session_folder",
]
