"""What sealing records of itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "audit:sealing:failed",
    Outcome.FAILED,
    Severity.ALARM,
    clause="A5.8",
    label=_("Audit records could not be sealed"),
)
class SealingFailed(Event):
    """
    Records could not be sealed; told once, until sealing works again.

    `reason`: key-missing, checkpoint-altered, database, or error for anything else.
    """

    reason: str
    what: str


@event(
    "audit:sealing:behind",
    Outcome.FAILED,
    Severity.ALARM,
    clause="A5.8",
    label=_("Sealing of the audit lags behind"),
)
class SealingBehind(Event):
    """Records wait longer for their seal than `JTSEC_AUDIT_SEAL_LAG_SECONDS`."""

    rows: int
    seconds: int


@event(
    "audit:sealing:resumed",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A5.8",
    label=_("Sealing of the audit works again"),
)
class SealingResumed(Event):
    """What was alarmed has ended; `reason` is the reason of the alarm."""

    reason: str
    since: str


@event(
    "audit:record:altered",
    Outcome.DONE,
    Severity.ALARM,
    clause="A5.8",
    label=_("Altered audit record found"),
)
class RecordsAltered(Event):
    """
    Records were found that are not what was written; no seal and no rule takes them.

    `records` holds the first ids, `count` says how many there are.
    """

    resource: str
    records: tuple[int, ...]
    count: int


@event(
    "audit:record:unverifiable",
    Outcome.DONE,
    Severity.ALARM,
    clause="A5.8",
    label=_("Audit record without its key"),
)
class RecordsUnverifiable(Event):
    """Records are under a key that the ring lacks; they are sealed when it is back."""

    resource: str
    records: tuple[int, ...]
    count: int


@event(
    "audit:sealing:key-changed",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A5.8",
    label=_("Signing key of the audit changed"),
)
class SigningKeyChanged(Event):
    """A checkpoint, signed by the key in force, announced the one that follows."""

    resource: str
    before: str
    after: str


@event(
    "audit:clock:set-back",
    Outcome.FAILED,
    Severity.ALARM,
    clause="A5.2",
    label=_("Clock set back"),
)
class ClockSetBack(Event):
    """The clock shows a time before the newest checkpoint was made."""

    seconds: int


@event(
    "audit:clock:right-again",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A5.2",
    label=_("Clock right again"),
)
class ClockRightAgain(Event):
    """The clock has caught up with the newest checkpoint."""

    reason: str
    since: str


@event(
    "audit:anchor:failed",
    Outcome.FAILED,
    Severity.ALARM,
    clause="A5.8",
    label=_("Audit anchor cannot be written"),
)
class AnchorFailed(Event):
    """An anchor takes no checkpoints; sealing goes on, the anchor catches up."""

    resource: str
    reason: str
    what: str


@event(
    "audit:anchor:altered",
    Outcome.DONE,
    Severity.ALARM,
    clause="A5.8",
    label=_("Audit anchor altered"),
)
class AnchorAltered(Event):
    """
    An anchor does not hold what was written to it, or holds more than the database.

    `reason`: removed, truncated, other-content, or ahead of the database, which was
    then set back or cut.
    """

    resource: str
    reason: str
    number: int


@event(
    "audit:anchor:resumed",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A5.8",
    label=_("Audit anchor written again"),
)
class AnchorResumed(Event):
    """An anchor takes checkpoints again and has caught up."""

    resource: str
    reason: str
    since: str
