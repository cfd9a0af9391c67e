"""What the protection of data reports to the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "protection:row:altered",
    Outcome.FAILED,
    Severity.ALARM,
    clause="A6.2",
    label=_("Sealed row was altered"),
)
class SealedRowAltered(Event):
    """A sealed row is not what was sealed; loading or changing it was refused."""

    resource: str
    reason: str


@event(
    "protection:row:unverifiable",
    Outcome.FAILED,
    Severity.ALARM,
    clause="A6.2",
    label=_("Sealed row could not be verified"),
)
class SealedRowUnverifiable(Event):
    """Nothing can be said of a row's seal; loading or changing it was refused."""

    resource: str
    reason: str


@event(
    "protection:write:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A6.2",
    label=_("Way to write sealed rows refused"),
)
class SealedWriteClosed(Event):
    """A statement would have left sealed rows without a seal."""

    resource: str
    reason: str


@event(
    "protection:table:opened",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A6.2",
    label=_("Root of a sealed table begun"),
)
class TableOpened(Event):
    """A table got its root: from now on rows are not added or removed unnoticed."""

    resource: str
    count: int
    """Rows that were there."""


@event(
    "protection:rows:sealed",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A6.2",
    label=_("Existing rows sealed"),
)
class ExistingRowsSealed(Event):
    """Rows that were there before their model was sealed got their seals."""

    resource: str
    count: int


@event(
    "protection:table:altered",
    Outcome.FAILED,
    Severity.ALARM,
    clause="A6.2",
    label=_("Rows of a sealed table added or removed"),
)
class SealedTableAltered(Event):
    """Rows were added, removed or put back, or the root itself was altered."""

    resource: str
    reason: str


@event(
    "protection:table:sound",
    Outcome.DONE,
    clause="A6.2",
    label=_("Sealed table verified"),
)
class SealedTableSound(Event):
    """
    Every row of a table is what was sealed, and they are those its root knows.

    `serials` tells how often each lane of the root had been written: a table that is
    put back to an earlier state, root and all, has been written less often.
    """

    resource: str
    rows: int
    serials: tuple[int, ...]


@event(
    "protection:table:unverifiable",
    Outcome.FAILED,
    Severity.WARNING,
    clause="A6.2",
    label=_("Sealed table could not be verified"),
)
class SealedTableUnverifiable(Event):
    """Nothing can be said of a table as a whole, or of some of its rows."""

    resource: str
    reason: str
