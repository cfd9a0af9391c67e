"""
The logins of one person, for that person to look at (clauses A3.2.12, A5.1).

A refused login has no actor yet, only the name that was tried, so two indexes are asked
for a page each, and the newer rows of both make the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Final

from django.db.models import Q, QuerySet

from jtsec.audit.models import AuditRecord

from .position import Position

LOGINS: Final = (
    "authentication:login:succeeded",
    "authentication:login:refused",
    "authentication:login:left",
    "authentication:login:disowned",
)


@dataclass(frozen=True)
class OwnLogins:
    """
    A page of somebody's logins.

    Args:
        rows: the newest first.
        older: where the next page begins, None on the last one.
    """

    rows: list[AuditRecord]
    older: Position | None


def logins_of(
    uid: str, username: str, *, after: Position | None = None, size: int = 50
) -> OwnLogins:
    """
    Return logins, refused tries and logouts of one person, the newest first.

    Args:
        uid: the person's UID.
        username: the name they log in with, as refused tries hold it.
        after: behind which place the page begins.
        size: how many rows it holds.
    """
    found = AuditRecord.objects.filter(code__in=LOGINS).order_by("-at", "-id")
    if after is not None:
        found = found.filter(_behind(after))
    own = _first(found.filter(actor_uid=uid), size + 1)
    tried = _first(found.filter(subject=username).exclude(actor_uid=uid), size + 1)
    together = merge(own, tried, key=lambda row: (row.at, row.pk), reverse=True)
    rows = list(islice(together, size + 1))
    older = Position.of(rows[size - 1]) if len(rows) > size else None
    return OwnLogins(rows[:size], older)


def _behind(place: Position) -> Q:
    earlier = Q(at__lt=place.at)
    return earlier if place.id is None else earlier | Q(at=place.at, id__lt=place.id)


def _first(rows: QuerySet[AuditRecord], size: int) -> list[AuditRecord]:
    return list(rows[:size])
