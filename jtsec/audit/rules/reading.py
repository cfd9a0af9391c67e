"""
Rows of the log as plain tuples: a model's instance for each would cost more than rules.

Whether a row is what was written, the sealer has found out before it signed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import CheckpointBody

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


def rows_of(body: CheckpointBody, using: str) -> list[Row]:
    """
    Return the members of a checkpoint that are there.

    Args:
        body: what the checkpoint says.
        using: the alias of the log's database.
    """
    rows = plain(AuditRecord.objects.using(using).order_by("id"))
    found = list(_late(rows, body))
    low = body.first
    while low <= body.last:
        piece = list(rows.filter(id__gte=low, id__lte=body.last)[:CHUNK])
        # A late row of a later checkpoint stands in a gap of this one.
        found += (one for one in map(Row._make, piece) if body.has_member(one.id))
        if len(piece) < CHUNK:
            break
        low = piece[-1][0] + 1
    return found


def plain(rows: QuerySet[AuditRecord]) -> QuerySet[Any, Any]:
    """Return a query whose rows fit `Row._make`."""
    return rows.values_list(*Row._fields)


def _late(rows: QuerySet[Any, Any], body: CheckpointBody) -> Iterator[Row]:
    for start in range(0, len(body.late), LATE_CHUNK):
        late = rows.filter(id__in=body.late[start : start + LATE_CHUNK])
        yield from map(Row._make, late)
