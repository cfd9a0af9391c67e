"""What can be proved of the secrets (A10.3, P44.2)."""

from __future__ import annotations

from collections.abc import Iterator

from jtsec.core.evidence import Fact
from jtsec.core.exceptions import ConfigurationError

from . import api
from .checks import found_in_files, found_in_settings
from .conf import secrets_settings
from .password_age import password_ages


def facts() -> Iterator[Fact]:
    """Yield what is kept, by name and age, and what stands in clear; no value."""
    if api.has_store():
        yield _store()
    yield Fact(
        "A10.3",
        "No secret stands in clear in the settings, configuration and code searched.",
        not (found := found_in_files()),
        {
            "found": [f"{one.place}:{one.name}" for one in found],
            "reviewed": list(secrets_settings().reviewed),
        },
    )
    yield Fact(
        "A10.3",
        "Passwords of connections come from the store.",
        not (outside := found_in_settings()),
        [one.name for one in outside],
    )
    yield from age_facts()


def _store() -> Fact:
    statement = "Secrets are kept in a store encrypted with SM4, its key apart from it."
    try:
        status = api.secret_status()
    except ConfigurationError as error:
        return Fact("A10.3", statement, False, str(error))
    return Fact(
        "A10.3",
        statement,
        True,
        [{"name": one.name, "changed": one.changed.isoformat()} for one in status],
    )


def age_facts() -> Iterator[Fact]:
    """Yield how old the passwords are with which databases are connected to."""
    days = secrets_settings().database_password_days
    statement = f"Every password of a database is at most {days} days old."
    try:
        ages = password_ages()
    except ConfigurationError as error:
        yield Fact("P44.2", statement, None, str(error))
        return
    if ages:
        yield Fact(
            "P44.2",
            statement,
            not any(one.is_overdue for one in ages),
            [{"alias": one.alias, "user": one.user, "days": one.days} for one in ages],
        )
