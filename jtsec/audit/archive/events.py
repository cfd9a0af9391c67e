"""What the archive reports to the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "audit:archive:written",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A5.9",
    label=_("Log archived"),
)
class SegmentArchived(Event):
    """Events were archived into a signed, encrypted segment, and read back."""

    resource: str
    first_checkpoint: int
    last_checkpoint: int
    rows: int
    digest: str


@event(
    "audit:archive:dropped",
    Outcome.DONE,
    Severity.WARNING,
    core=True,
    clause="A5.9",
    label=_("Archived log dropped from the database"),
)
class SegmentDropped(Event):
    """Rows older than the retention left the database; their segment was proved."""

    resource: str
    rows: int
    digest: str
    reason: str


@event(
    "audit:archive:drop-refused",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="A5.9",
    label=_("Dropping of log refused"),
)
class DropRefused(Event):
    """Events were to be dropped that must stay, or that are not safely archived."""

    resource: str
    reason: str


@event(
    "audit:archive:restored",
    Outcome.DONE,
    Severity.WARNING,
    core=True,
    clause="A5.9",
    label=_("Archived log restored"),
)
class SegmentRestored(Event):
    """The rows of a segment came back into a database."""

    resource: str
    rows: int
    database: str
    reason: str


@event(
    "audit:archive:read",
    Outcome.DONE,
    Severity.NOTICE,
    core=True,
    clause="A5.10",
    label=_("Archived log queried"),
)
class ArchiveRead(Event):
    """Somebody looked at events in a segment."""

    resource: str
    conditions: str
