"""What the secrets report to the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "secrets:secret:read",
    Outcome.DONE,
    Severity.WARNING,
    clause="A10.3",
    label=_("Secret read"),
)
class SecretRead(Event):
    """A person had a secret of the deployment shown to them."""

    resource: str
    reason: str


@event(
    "secrets:secret:kept",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A10.3",
    label=_("Secret changed"),
)
class SecretKept(Event):
    """A person put a secret of the deployment in the store, or changed it."""

    resource: str
    reason: str


@event(
    "secrets:secret:removed",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A10.3",
    label=_("Secret removed"),
)
class SecretRemoved(Event):
    """A person took a secret of the deployment out of the store."""

    resource: str
    reason: str


@event(
    "secrets:secret:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A10.3",
    label=_("Secret refused"),
)
class SecretRefused(Event):
    """Somebody without the duty asked for a secret, or wanted to change one."""

    resource: str
    reason: str


@event(
    "secrets:database-passwords:made",
    Outcome.DONE,
    Severity.NOTICE,
    clause="P44.2",
    label=_("New database passwords made"),
)
class PasswordsMade(Event):
    """New passwords for the accounts of a database were made and sealed to a key."""

    resource: str
    reason: str
    recipient: str


@event(
    "secrets:database-password:changed",
    Outcome.DONE,
    Severity.NOTICE,
    clause="P44.2",
    label=_("Database password changed"),
)
class PasswordChanged(Event):
    """An account of a database has its new password; `is_active`: it is now used."""

    resource: str
    reason: str
    account: str
    is_active: bool


@event(
    "secrets:database-passwords:failed",
    Outcome.FAILED,
    Severity.WARNING,
    clause="P44.2",
    label=_("Database passwords could not be changed"),
)
class PasswordsFailed(Event):
    """A change of passwords stopped; the application has the account it had."""

    resource: str
    reason: str
