"""What can be proved of the secrets (A10.3)."""

from __future__ import annotations

from collections.abc import Iterator

from jtsec.core.evidence import Fact
from jtsec.core.exceptions import ConfigurationError

from . import api
from .checks import found_in_files, found_in_settings
from .conf import secrets_settings


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
