"""Checks of the login: see `lockout_checks` for those of passwords and lockout."""

from __future__ import annotations

from . import lockout_checks

ALL = lockout_checks.ALL
