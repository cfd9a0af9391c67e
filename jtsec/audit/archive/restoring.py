"""
Brings the rows of a segment back, byte for byte, into the log or a side database.

The file is proved whole before the first row is written, and all rows come in one
transaction: afterwards the log is as if they had never gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import columns_of, parse
from jtsec.core.clock import now
from jtsec.core.exceptions import Refused

from .acting import require_actor
from .events import SegmentRestored
from .exceptions import SegmentAltered
from .folder import folder
from .items import ArchivedRecord
from .models import AuditSegment, AuditSegmentMove, Move
from .proving import read_records
from .segments import alias, is_dropped, proved, segment_named

PIECE: Final = 500


def restore(
    name: str,
    *,
    reason: str,
    directory: Path | None = None,
    database: str = "",
) -> int:
    """
    Restore the rows of a segment; return how many.

    Args:
        name: the segment.
        reason: why, for the audit.
        directory: where its file is, instead of the settings' folder.
        database: alias of a side database, whose tables are there; "" for the log.

    Raises:
        Refused: nobody acts, no reason is given, or the rows never went.
        SegmentAltered, SegmentUnreadable: the file does not prove its rows.
        django.db.Error: the rows cannot be written; none was.
    """
    who = require_actor(reason)
    place = folder(directory)
    segment = segment_named(name)
    into = database or alias()
    if into == alias() and not is_dropped(segment):
        sentence = _("The rows of %(name)s are in the database.")
        raise Refused("not-dropped", sentence % {"name": name})
    return _bring_back(segment, place, into, who, reason)


def row_of(archived: ArchivedRecord) -> AuditRecord:
    """
    Return the row of an archived record, every column made of its payload.

    Raises:
        ValueError, KeyError, TypeError: the payload is of no known version.
    """
    return AuditRecord(
        id=archived.id,
        payload=archived.payload,
        mac=archived.mac,
        mac_key_id=archived.mac_key_id,
        **columns_of(parse(archived.payload)),
    )


def _bring_back(
    segment: AuditSegment, place: Path, into: str, who: str, reason: str
) -> int:
    manifest = proved(segment, place).manifest
    with transaction.atomic(using=alias()), transaction.atomic(using=into):
        count = _insert(read_records(place / segment.name, segment.name), into)
        if count != manifest.rows:
            raise SegmentAltered(segment.name, "the file changed while it was read")
        if into == alias():
            AuditSegmentMove(
                segment=segment,
                what=Move.RESTORED,
                at=now(),
                rows=count,
                actor=who[:254],
                reason=reason[:255],
            ).save(using=alias())
        record(
            SegmentRestored(
                resource=f"archive:{segment.name}",
                rows=count,
                database=into,
                reason=reason,
            )
        )
    return count


def _insert(records: Iterable[ArchivedRecord], using: str) -> int:
    count = 0
    for rows in _pieces(row_of(one) for one in records):
        AuditRecord.objects.using(using).bulk_create(rows)
        count += len(rows)
    return count


def _pieces(rows: Iterator[AuditRecord]) -> Iterator[list[AuditRecord]]:
    while piece := list(islice(rows, PIECE)):
        yield piece
