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
