"""Every check of authentication: see `login_checks` and `lockout_checks`."""

from __future__ import annotations

from . import lockout_checks, login_checks

ALL = (*login_checks.ALL, *lockout_checks.ALL)
DATABASE = login_checks.DATABASE
