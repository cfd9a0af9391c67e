"""How old the passwords are with which databases are connected to (P44.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from jtsec.core.clock import now
from jtsec.core.exceptions import ConfigurationError

from . import api
from .accounts import parse_accounts
from .conf import secrets_settings
from .taking_up import ACCOUNTS


@dataclass(frozen=True)
class PasswordAge:
    """
    One database, and since when its password is what it is.

    Args:
        alias: of the database.
        user: as whom the project connects.
        changed: None where nobody knows: it is not from the store, or was taken into
            it and never changed since.
    """

    alias: str
    user: str
    changed: datetime | None

    @property
    def days(self) -> int | None:
        """Return whole days, or None where nobody knows."""
        return None if self.changed is None else (now() - self.changed).days

    @property
    def is_overdue(self) -> bool:
        """Answer whether it must be changed; so must one of unknown age."""
        days = secrets_settings().database_password_days
        return self.changed is None or now() - self.changed > timedelta(days=days)


def password_ages() -> list[PasswordAge]:
    """
    Return every database with a password, by alias.

    Raises:
        SecretsUnavailable, SecretsExposed, SecretsCorrupt: the store cannot be used.
    """
    ages = []
    for alias, entry in sorted(settings.DATABASES.items()):
        if name := entry.get(ACCOUNTS):
            account = parse_accounts(api.secret(name)).in_force
            ages.append(PasswordAge(alias, account.user, account.changed))
        elif password := entry.get("PASSWORD"):
            kept = api.status_of_value(password) if api.has_store() else None
            user = str(entry.get("USER", ""))
            ages.append(PasswordAge(alias, user, kept and kept.changed))
    return ages


def overdue() -> list[PasswordAge]:
    """Return those that must be changed; none where the store cannot be used: E120."""
    try:
        return [one for one in password_ages() if one.is_overdue]
    except ConfigurationError:
        return []
