"""
The demands of the preset, as data: what is set, why, and for which clause.

Plain values only, since this is read while a project's settings module is still being
executed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

Namespace = MutableMapping[str, Any]


@dataclass(frozen=True)
class Default:
    """
    A setting that gets a value when the project sets none.

    Args:
        name: the setting.
        value: the value, or a function of the namespace that returns it.
        clause: the clause it serves.
        why: one sentence.
        accepts: whether a value of the project's own serves the clause as well.
    """

    name: str
    value: Any
    clause: str
    why: str
    accepts: Callable[[Any], bool] | None = None

    def wanted(self, namespace: Mapping[str, Any]) -> Any:
        """Return the value for this project."""
        return self.value(namespace) if callable(self.value) else self.value

    def settle(self, namespace: Namespace) -> None:
        """Set the value where the project has none."""
        namespace.setdefault(self.name, self.wanted(namespace))

    def is_met(self, namespace: Mapping[str, Any]) -> bool:
        """Answer whether what is set serves the clause."""
        present = namespace.get(self.name)
        if self.accepts is not None:
            return self.accepts(present)
        return bool(present == self.wanted(namespace))


@dataclass(frozen=True)
class Listed:
    """
    An entry that a list of settings must hold.

    Args:
        name: the setting.
        entry: the entry.
        first: whether it must be the first; otherwise it is appended.
        before: an entry it must stand before, when that one is there.
        otherwise: what Django holds when the project sets no list at all.
        clause: the clause it serves.
        why: one sentence.
    """

    name: str
    entry: Any
    clause: str
    why: str
    first: bool = False
    before: str = ""
    otherwise: tuple[Any, ...] = ()

    def settle(self, namespace: Namespace) -> None:
        """Add the entry where it is missing; the project's own keep their order."""
        present = list(namespace.get(self.name, self.otherwise))
        if self.entry not in present:
            present.insert(self._place(present), self.entry)
        namespace[self.name] = present

    def _place(self, present: list[Any]) -> int:
        if self.first:
            return 0
        return present.index(self.before) if self.before in present else len(present)

    def is_met(self, namespace: Mapping[str, Any]) -> bool:
        """Answer whether the entry is there, and first where it must be."""
        present = list(namespace.get(self.name, ()))
        if self.first:
            return bool(present) and present[0] == self.entry
        return self.entry in present


Demand = Default | Listed

_MIDDLEWARE = "django.contrib.{0}.middleware.{1}"
_VALIDATORS = "jtsec.authentication.validators.{0}"


def in_production(namespace: Mapping[str, Any]) -> bool:
    """Answer whether the project runs for real: DEBUG is off."""
    return not namespace.get("DEBUG", False)


def _is_on(value: Any) -> bool:
    return value is True


def _is_free(value: Any) -> bool:
    """The project may decide: the limits of the server hold all the same."""
    return True


def _absolute_seconds(namespace: Mapping[str, Any]) -> int:
    return int(namespace.get("JTSEC_SESSIONS_ABSOLUTE_HOURS", 12)) * 3600


DJANGO_HASHERS = (
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
)

DEMANDS: tuple[Demand, ...] = (
    Listed(
        "MIDDLEWARE",
        _MIDDLEWARE.format("sessions", "SessionMiddleware"),
        "A9.1",
        "Requests carry a session.",
        before=_MIDDLEWARE.format("auth", "AuthenticationMiddleware"),
    ),
    Listed(
        "MIDDLEWARE",
        "django.middleware.csrf.CsrfViewMiddleware",
        "A8.1",
        "Forms cannot be sent from another site.",
        before=_MIDDLEWARE.format("auth", "AuthenticationMiddleware"),
    ),
    Listed(
        "MIDDLEWARE",
        _MIDDLEWARE.format("auth", "AuthenticationMiddleware"),
        "A3.1.1",
        "Requests know their user.",
    ),
    Listed(
        "MIDDLEWARE",
        "jtsec.middleware.SecurityMiddleware",
        "R18",
        "The guard stands first, so that nothing goes round it.",
        first=True,
    ),
    Listed(
        "AUTHENTICATION_BACKENDS",
        "jtsec.authentication.backend.IdentityBackend",
        "A3.2.6",
        "Every login is counted, sealed identities only.",
        first=True,
    ),
    Listed(
        "PASSWORD_HASHERS",
        "jtsec.authentication.hashers.JtsecArgon2Hasher",
        "A3.2.5",
        "Passwords are stored bound to their owner; older forms are upgraded.",
        first=True,
        otherwise=DJANGO_HASHERS,
    ),
    Default(
        "SESSION_ENGINE",
        "jtsec.sessions.engine",
        "A9.1",
        "The registry of sessions.",
        accepts=lambda value: str(value).startswith("jtsec.sessions."),
    ),
    Default(
        "SESSION_COOKIE_AGE",
        _absolute_seconds,
        "A9.1",
        "The cookie lasts no longer than the absolute limit.",
        accepts=lambda value: isinstance(value, int) and value > 0,
    ),
    Default(
        "SESSION_EXPIRE_AT_BROWSER_CLOSE",
        True,
        "A9.1",
        "Closing the browser logs out.",
        accepts=_is_free,
    ),
    Default(
        "SESSION_COOKIE_SECURE",
        in_production,
        "A3.2.4",
        "The session cookie never travels in clear.",
        accepts=_is_on,
    ),
    Default(
        "CSRF_COOKIE_SECURE",
        in_production,
        "A3.2.4",
        "The CSRF cookie never travels in clear.",
        accepts=_is_on,
    ),
    Default(
        "SESSION_COOKIE_HTTPONLY",
        True,
        "A3.2.4",
        "Scripts cannot read the session cookie.",
        accepts=lambda value: value is not False,
    ),
    Default(
        "SESSION_COOKIE_SAMESITE",
        "Lax",
        "A3.2.4",
        "Other sites cannot send the session cookie along.",
        accepts=lambda value: value in (None, "Lax", "Strict") and value is not False,
    ),
    Default(
        "CSRF_FAILURE_VIEW",
        "jtsec.errors.handlers.csrf_failure",
        "A10.1",
        "A forged form gets a short sentence and leaves an event.",
    ),
    Default(
        "LOGIN_URL", "jtsec:login", "A3.1.1", "Where strangers are sent.", accepts=bool
    ),
    Default(
        "LOGIN_REDIRECT_URL",
        "jtsec:last-login",
        "A3.2.12",
        "Who logs in sees the last login first.",
        accepts=bool,
    ),
    Default(
        "LOGOUT_REDIRECT_URL",
        "jtsec:login",
        "A3.1.1",
        "Who logs out sees the login page.",
        accepts=_is_free,
    ),
)

PASSWORD_RULES: tuple[str, ...] = (
    _VALIDATORS.format("CompositionValidator"),
    _VALIDATORS.format("IdentifierValidator"),
    _VALIDATORS.format("HistoryValidator"),
    _VALIDATORS.format("MinimumAgeValidator"),
    "django.contrib.auth.password_validation.CommonPasswordValidator",
)

REST_DEFAULTS: Mapping[str, Any] = {
    "EXCEPTION_HANDLER": "jtsec.errors.rest.exception_handler",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "jtsec.rest.authentication.SignedRequests",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "jtsec.rest.parsers.BoundedJSONParser",
        "jtsec.rest.parsers.BoundedFormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["jtsec.rest.throttling.CountedThrottle"],
}

DESCRIBED_BY = "jtsec.rest.schema.InterfaceSchema"
"""What describes the interfaces, where drf-spectacular is among the apps."""

SQLITE_OPTIONS: Mapping[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;",
}
"""
A transaction that reads first and writes later cannot wait for another writer in
SQLite: it fails at once. Taking the write lock at the start makes it wait its turn.
"""
