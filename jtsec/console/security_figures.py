"""What the security administrators' overview counts."""

from __future__ import annotations

from datetime import timedelta

from jtsec.authentication.api import list_blocks
from jtsec.authentication.conf import authentication_settings
from jtsec.authentication.models import Account
from jtsec.core.clock import now

MONTH = timedelta(days=30)


def passwords_ending() -> int:
    """Return how many passwords of people in use end soon, or have ended (A3.2.8)."""
    chosen = authentication_settings()
    left = timedelta(days=chosen.password_max_days - chosen.warn_days)
    rows = Account.objects.filter(user__jtsec_identity__is_active=True)
    return rows.filter(password_set_at__lte=now() - left).count()


def blocks_of_the_month() -> dict[str, int]:
    """Return how many users and terminals were locked within a month."""
    rows = list_blocks(with_history=True).filter(since__gt=now() - MONTH)
    return {kind: rows.filter(dimension=kind).count() for kind in ("user", "terminal")}
