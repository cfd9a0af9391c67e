"""What the export reports to the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "audit:export:written",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A5.11",
    label=_("Log exported to files"),
)
class ExportWritten(Event):
    """Somebody exported the log to files."""

    resource: str
    form: str
    since: str
    until: str
    rows: int
    files: int
    reason: str = ""


@event(
    "audit:export:unreachable",
    Outcome.FAILED,
    Severity.WARNING,
    clause="A5.11",
    label=_("Audit platform not reached"),
)
class PlatformNotReached(Event):
    """The audit platform did not answer; recorded once, batches are kept and resent."""

    resource: str
    reason: str


@event(
    "audit:export:resumed",
    Outcome.DONE,
    clause="A5.11",
    label=_("Audit platform reached again"),
)
class PlatformReachedAgain(Event):
    """The audit platform takes batches again."""

    resource: str
    seconds: int
    attempts: int


@event(
    "audit:export:batch-refused",
    Outcome.FAILED,
    Severity.ALARM,
    clause="A5.11",
    label=_("Log batch refused by the audit platform"),
)
class BatchRefused(Event):
    """The audit platform refused a batch; it is kept until somebody looks at it."""

    resource: str
    rows: int
    reason: str


@event(
    "audit:export:batch-retried",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A5.11",
    label=_("Refused log batch sent again"),
)
class BatchRetried(Event):
    """Somebody put a refused batch back among those to send."""

    resource: str
    reason: str


@event(
    "audit:export:left-out",
    Outcome.DONE,
    Severity.ALARM,
    clause="A5.8",
    label=_("Altered record left out of the export"),
)
class AlteredRowLeftOut(Event):
    """A record whose check value is wrong was not handed over as if it were true."""

    resource: str
    reason: str
