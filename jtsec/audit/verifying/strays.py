"""
Rows that stand in a gap: late ones that a later checkpoint takes, and strangers.

A number that was passed over may belong to a transaction that was still open. Its row
appears afterwards and is sealed late. No row may appear once nobody can have been
writing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import MalformedBody
from jtsec.audit.sealing.models import AuditCheckpoint

from .leaves import leaf_of
from .piece import Fault

CHUNK = 500
"""Ids of one statement; SQLite before 3.32 takes 999 parameters."""


@dataclass
class Stray:
    """
    One row in a gap.

    Args:
        leaf: the hash of its leaf.
        checkpoint: whose gap it is; None where it lies below every range.
        since: when that checkpoint was made, "" where unknown.
        fault: what is wrong with the row by itself.
    """

    leaf: bytes
    checkpoint: int | None = None
    since: str = ""
    fault: Fault | None = None


class Strays:
    """
    The rows in gaps that no checkpoint has taken yet.

    Args:
        using: the alias of the database.
        low: the lowest id of the walk; rows below it are fetched when they are named.
    """

    def __init__(self, using: str, low: int) -> None:
        self.waiting: dict[int, Stray] = {}
        self.fetched: set[int] = set()
        self._using = using
        self._low = low

    def fetch(self, late: Iterable[int]) -> None:
        """Fetch the late rows that stand below the walk; before it goes on."""
        ids = [one for one in late if one < self._low]
        rows = AuditRecord.objects.using(self._using)
        for start in range(0, len(ids), CHUNK):
            some = ids[start : start + CHUNK]
            columns = ("id", "mac_key_id", "mac", "payload")
            for row in rows.filter(pk__in=some).values_list(*columns):
                checkpoint, since = self._gap_of(row[0])
                self.waiting[row[0]] = Stray(leaf_of(*row), checkpoint, since)
            self.fetched.update(some)

    def claim(self, late: Iterable[int]) -> Iterator[tuple[int, Stray | None]]:
        """Yield the rows that a checkpoint takes late; None for one that is missing."""
        for one in late:
            yield one, self.waiting.pop(one, None)

    def _gap_of(self, record_id: int) -> tuple[int | None, str]:
        """Return the checkpoint that has passed over an id, and when."""
        over = AuditCheckpoint.objects.using(self._using).filter(last_id__gte=record_id)
        found = over.order_by("last_id", "number").first()
        try:
            return (None, "") if found is None else (found.number, found.parsed().at)
        except MalformedBody:
            return None, ""


def hours_between(earlier: str, later: str) -> float:
    """Return the hours from one moment to another, 0 where one is unknown."""
    if not earlier or not later:
        return 0.0
    apart: timedelta = datetime.fromisoformat(later) - datetime.fromisoformat(earlier)
    return apart.total_seconds() / 3600
