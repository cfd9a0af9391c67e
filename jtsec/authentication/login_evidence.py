"""What the login can prove: restrictions, validity, and what people are told."""

from __future__ import annotations

from collections.abc import Iterator

from jtsec.core.evidence import Fact

from . import login_checks as checks
from .conf import authentication_settings
from .models import Account


def facts() -> Iterator[Fact]:
    """Yield what holds, clause by clause."""
    chosen = authentication_settings()
    accounts = Account.objects.all()
    yield Fact(
        "A3.2.4",
        "The project has the pages on which passwords are entered masked.",
        not checks.check_pages(None),
    )
    yield Fact(
        "A3.2.8",
        "Restrictions and validity are as an administrator set them; none was altered.",
        not checks.broken_accounts() and not checks.people_without_account(),
        {
            "accounts": accounts.count(),
            "with an end of validity": accounts.exclude(valid_until=None).count(),
            "bound to networks": accounts.exclude(networks=[]).count(),
            "bound to terminals": accounts.exclude(terminals=[]).count(),
            "bound to places": accounts.exclude(places={}).count(),
            "bound to hours": accounts.exclude(hours=[]).count(),
        },
    )
    yield Fact(
        "A3.2.9",
        "Only these duties reactivate; a new password is then due.",
        "business" not in chosen.account_duties,
        {"duties": list(chosen.account_duties), "days": chosen.password_max_days},
    )
    yield Fact(
        "A3.2.12",
        "Every login is followed by the notice of the last one.",
        # A project that shows it on its own pages is looked at by a person.
        True if chosen.notice_page and not checks.check_admin_logins(None) else None,
    )
