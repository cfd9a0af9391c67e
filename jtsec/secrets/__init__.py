"""Secrets of the deployment; `jtsec.secrets.secret` is their path for ever."""

from __future__ import annotations

from .api import secret
from .taking_up import with_accounts

__all__ = ["secret", "with_accounts"]
