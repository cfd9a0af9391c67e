"""
Rows of the log as plain tuples: a model's instance for each would cost more than rules.

Whether a row is what was written, the sealer has found out before it signed. Since then
its columns may have been changed by SQL into what nobody can read; such a row is left
out and named, and takes none beside it along.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import CheckpointBody
from jtsec.audit.unreadable import UNREADABLE

CHUNK: Final = 5_000
LATE_CHUNK: Final = 500
"""SQLite before 3.32 takes 999 parameters."""


class Row(NamedTuple):
    """What the rules want to know of an event; the names are the columns'."""

    id: int
    event_id: UUID
    at: datetime
    code: str
    severity: int
    actor_kind: str
    actor_uid: str
    actor_username: str
    actor_name: str
    actor_is_police: bool | None
    actor_organisation: str
    actor_duty: str
    source_address: str
    resource: str
    subject: str
    reason: str


Found = tuple[int, Row | None]
"""The id of a row and the row, None where it cannot be read."""


class Reading(NamedTuple):
    """Rows, and the ids of those that cannot be read."""

    rows: list[Row]
    unreadable: list[int]

    def take(self, found: Iterable[Found]) -> None:
        """Add rows."""
        for number, row in found:
            if row is None:
                self.unreadable.append(number)
            else:
                self.rows.append(row)


def rows_of(body: CheckpointBody, using: str) -> Reading:
    """
    Return the members of a checkpoint that are there.

    Args:
        body: what the checkpoint says.
        using: the alias of the log's database.
    """
    log = AuditRecord.objects.using(using).order_by("id")
    found = Reading([], [])
    for start in range(0, len(body.late), LATE_CHUNK):
        late = body.late[start : start + LATE_CHUNK]
        found.take(readable(log.filter(id__in=late)))
    low = body.first
    while low <= body.last:
        piece = readable(log.filter(id__gte=low, id__lte=body.last)[:CHUNK])
        # A late row of a later checkpoint stands in a gap of this one.
        found.take(one for one in piece if body.has_member(one[0]))
        if len(piece) < CHUNK:
            break
        low = piece[-1][0] + 1
    return found


def readable(piece: QuerySet[AuditRecord]) -> list[Found]:
    """Return some rows, each by itself where one of them cannot be read."""
    try:
        rows = [Row._make(one) for one in plain(piece)]
    except UNREADABLE:
        numbers = list(piece.values_list("id", flat=True))
        return [(number, _alone(piece.db, number)) for number in numbers]
    return [(row.id, _with_time(row)) for row in rows]


def _alone(using: str, number: int) -> Row | None:
    log = AuditRecord.objects.using(using)
    try:
        return _with_time(Row._make(plain(log.filter(id=number)).get()))
    except UNREADABLE:
        return None


def _with_time(row: Row) -> Row | None:
    """Return a row; some databases give none for a time that is none."""
    at: datetime | None = row.at
    return None if at is None else row


def plain(rows: QuerySet[AuditRecord]) -> QuerySet[Any, Any]:
    """Return a query whose rows fit `Row._make`."""
    return rows.values_list(*Row._fields)
