"""What the accounts can prove."""

from __future__ import annotations

from collections.abc import Iterator

from jtsec.core.evidence import Fact
from jtsec.identity.models import Identity

from .models import AccountReview, Result, ReviewedAccount
from .suspension import MARK, unused_accounts, unused_days


def facts() -> Iterator[Fact]:
    """Yield how the last review ended and how many accounts lie unused."""
    latest = AccountReview.objects.exclude(closed_at=None).first()
    disabled = ReviewedAccount.objects.filter(review=latest, result=Result.DISABLED)
    yield Fact(
        "P32",
        "Accounts are listed and confirmed every quarter; the last review is kept.",
        latest is not None or None,
        {
            "quarter": latest.quarter if latest else "",
            "accounts": latest.accounts if latest else 0,
            "put out of use": disabled.count() if latest else 0,
        },
    )
    waiting = sum(1 for _one in unused_accounts())
    suspended = Identity.objects.filter(
        is_active=False, deactivated_why__startswith=MARK
    )
    yield Fact(
        "P44.1",
        "Accounts that nobody uses for so long are suspended.",
        waiting == 0,
        {
            "days": unused_days(),
            "suspended": suspended.count(),
            "still in use": waiting,
        },
    )
