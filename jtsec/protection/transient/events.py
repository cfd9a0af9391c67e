"""What transient data report to the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "protection:transient:ended",
    Outcome.DONE,
    clause="T7.4",
    label=_("Data of a business removed"),
)
class BusinessEnded(Event):
    """A piece of business was closed, and what was drawn for it removed."""

    resource: str
    entries: int


@event(
    "protection:transient:altered",
    Outcome.FAILED,
    Severity.ALARM,
    clause="A5.6",
    label=_("Transient data altered"),
)
class TransientAlteredFound(Event):
    """A transient entry is not what was put there; nothing was handed out."""

    resource: str
    name: str
