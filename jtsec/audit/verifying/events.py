"""What a verification reports to the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "audit:log:false",
    Outcome.FAILED,
    Severity.ALARM,
    clause="A5.8",
    label=_("Audit log is not what was written"),
)
class LogVerifiedFalse(Event):
    """A verification found the log altered; `places` holds the first findings."""

    resource: str
    places: tuple[str, ...]
    count: int


@event(
    "audit:log:unverifiable",
    Outcome.FAILED,
    Severity.WARNING,
    clause="A5.8",
    label=_("Audit log could not be verified"),
)
class LogNotVerified(Event):
    """A verification could not be carried out in full; `places` says why."""

    resource: str
    places: tuple[str, ...]
    count: int


@event(
    "audit:log:whole",
    Outcome.DONE,
    clause="A5.8",
    label=_("Audit log verified"),
)
class LogVerified(Event):
    """A verification found the log to be what was written."""

    resource: str
    first: int
    last: int
    rows: int
