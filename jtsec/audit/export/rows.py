"""
Turns rows of the log into entries: verified, and in pieces.

A row whose check value is wrong is not handed over as if it were true: it is left out
with an alarm that names it. A key that is missing stops the export; nothing is known
then, and nothing is skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from jtsec.audit.api import RecordAltered
from jtsec.audit.models import AuditRecord
from jtsec.audit.verification import verify_record

from .log_entry import LogEntry, log_entries

PIECE: Final = 500
"""Rows whose subjects are looked up with one query."""


def entries_of(
    rows: Iterable[AuditRecord], altered: list[RecordAltered]
) -> Iterator[LogEntry]:
    """
    Yield the entries of rows in their order.

    Args:
        rows: as the database gives them, all columns.
        altered: takes what is found out about rows that are left out.

    Raises:
        CannotVerify: the key of a row is not at hand.
    """
    left = iter(rows)
    while piece := list(islice(left, PIECE)):
        yield from log_entries(_verified(piece, altered))


def _verified(
    rows: Iterable[AuditRecord], altered: list[RecordAltered]
) -> Iterator[dict[str, Any]]:
    for row in rows:
        try:
            yield verify_record(row)
        except RecordAltered as error:
            altered.append(error)
