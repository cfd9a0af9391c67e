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
