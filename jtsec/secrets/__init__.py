"""Secrets of the deployment; `jtsec.secrets.secret` is their path for ever."""

from __future__ import annotations

from .api import secret

__all__ = ["secret"]
