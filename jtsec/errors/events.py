"""What the errors report to the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Sensitive, Severity, event


@event(
    "errors:request:failed",
    Outcome.FAILED,
    Severity.WARNING,
    clause="A10.1",
    label=_("Request failed"),
)
class RequestFailed(Event):
    """A request ended in an error that nobody expected; `reference` finds it."""

    resource: str
    reference: str
    kind: Sensitive[str]


@event(
    "errors:request:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A8.1",
    label=_("Malformed request refused"),
)
class RequestRefused(Event):
    """A request was malformed in a way that attacks are; Django refused it."""

    resource: str
    reason: str


@event(
    "errors:host:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A8.1",
    label=_("Unknown host refused"),
)
class HostRefused(Event):
    """A request named a host that this project does not serve."""

    resource: str
    reason: str


@event(
    "errors:csrf:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A8.1",
    label=_("Forged form refused"),
)
class CsrfRefused(Event):
    """A form came without its token: an old page, or another site's forgery."""

    resource: str
    reason: str


@event(
    "errors:permission:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A4.1",
    label=_("Refused by the page"),
)
class PermissionRefused(Event):
    """A view of the project refused somebody by itself."""

    resource: str
    reason: str
