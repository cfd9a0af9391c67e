"""Applying the demands to a settings module, and telling what is not met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .demands import (
    DEMANDS,
    DESCRIBED_BY,
    PASSWORD_RULES,
    REST_DEFAULTS,
    SQLITE_OPTIONS,
    Demand,
    Listed,
    Namespace,
)

_SQLITE = "django.db.backends.sqlite3"


def apply(namespace: Namespace) -> None:
    """
    Add to a project's settings what Django must be told.

    Args:
        namespace: `globals()` of the settings module, which is changed in place.
            Lists and dictionaries are replaced by longer copies, so that a settings
            module that imports another's lists does not change them.
    """
    for demand in DEMANDS:
        demand.settle(namespace)
    _add_password_rules(namespace)
    _add_rest_defaults(namespace)
    _add_sqlite_options(namespace)


def touched_names() -> set[str]:
    """Return the name of every setting the preset may change, DATABASES apart."""
    names = {demand.name for demand in DEMANDS}
    return names | {"AUTH_PASSWORD_VALIDATORS", "REST_FRAMEWORK"}


def _add_password_rules(namespace: Namespace) -> None:
    """Append our validators; the project's own, stricter or not, stay."""
    present = list(namespace.get("AUTH_PASSWORD_VALIDATORS", ()))
    named = {validator["NAME"] for validator in present}
    present += [{"NAME": rule} for rule in PASSWORD_RULES if rule not in named]
    namespace["AUTH_PASSWORD_VALIDATORS"] = present


def _add_rest_defaults(namespace: Namespace) -> None:
    installed = namespace.get("INSTALLED_APPS", ())
    if "rest_framework" in installed:
        own = namespace.get("REST_FRAMEWORK", {})
        defaults = dict(REST_DEFAULTS)
        if "drf_spectacular" in installed:
            defaults["DEFAULT_SCHEMA_CLASS"] = DESCRIBED_BY
        namespace["REST_FRAMEWORK"] = {**defaults, **own}


def _add_sqlite_options(namespace: Namespace) -> None:
    databases = dict(namespace.get("DATABASES", {}))
    for alias, database in databases.items():
        if database.get("ENGINE") == _SQLITE:
            options = {**SQLITE_OPTIONS, **database.get("OPTIONS", {})}
            databases[alias] = {**database, "OPTIONS": options}
    if databases:
        namespace["DATABASES"] = databases


def unmet(namespace: Mapping[str, Any]) -> list[Demand]:
    """Return the demands that a project's settings do not meet."""
    missing_rules = [
        Listed(
            "AUTH_PASSWORD_VALIDATORS",
            {"NAME": rule},
            "A3.2.3",
            "Passwords keep the rules.",
        )
        for rule in PASSWORD_RULES
        if rule
        not in {
            one.get("NAME") for one in namespace.get("AUTH_PASSWORD_VALIDATORS", ())
        }
    ]
    return [one for one in DEMANDS if not one.is_met(namespace)] + missing_rules
