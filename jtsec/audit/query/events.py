"""What the audit's own pages report: who watches is watched too (clause A5.1)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Sensitive, Severity, event


@event(
    "audit:records:queried", Outcome.DONE, clause="A5.1", label=_("Audit log searched")
)
class RecordsQueried(Event):
    """Somebody searched the audit log; once a search, not once a page of it."""

    resource: str
    conditions: Mapping[str, str]
    text: Sensitive[str] = ""


@event(
    "audit:records:counted",
    Outcome.DONE,
    clause="A5.1",
    label=_("Audit statistics viewed"),
)
class RecordsCounted(Event):
    """Somebody had the events of the audit log counted."""

    resource: str
    conditions: Mapping[str, str]


@event(
    "audit:record:viewed", Outcome.DONE, clause="A5.1", label=_("Audit record viewed")
)
class RecordViewed(Event):
    """Somebody opened one event of the audit log; its encrypted details stayed shut."""

    resource: str
    code: str


@event(
    "audit:details:opened",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A5.8",
    label=_("Encrypted audit details opened"),
)
class DetailsOpened(Event):
    """Somebody read the encrypted details of one event."""

    resource: str
    code: str


@event(
    "audit:details:unreadable",
    Outcome.FAILED,
    Severity.ALARM,
    clause="A5.8",
    label=_("Encrypted audit details unreadable"),
)
class DetailsUnreadable(Event):
    """Encrypted details could not be opened: altered, or their key is missing."""

    resource: str
    reason: str


@event(
    "audit:details:searched",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A5.8",
    label=_("Encrypted audit details searched"),
)
class DetailsSearched(Event):
    """Somebody searched the encrypted details; what was looked for is encrypted too."""

    resource: str
    conditions: Mapping[str, str]
    text: Sensitive[str]
    opened: int
    found: int


@event(
    "audit:records:exported",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A5.10",
    label=_("Audit records exported"),
)
class RecordsExported(Event):
    """Somebody took events out of the audit log into a file."""

    resource: str
    conditions: Mapping[str, str]
    text: Sensitive[str]
    format: str
    count: int
    sm3: str
