"""
Brings the rows of a segment back, byte for byte, into the log or a side database.

The file is proved whole before the first row is written, and all rows come in one
transaction: afterwards the log is as if they had never gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.audit.payload import columns_of, parse
from jtsec.audit.table import FIELDS, values_for
from jtsec.audit.triggers import TABLE
from jtsec.core.clock import now
from jtsec.core.exceptions import InputError, Refused

from .acting import require_actor
from .events import SegmentRestored
from .exceptions import SegmentAltered
from .folder import folder
from .items import ArchivedRecord
from .models import AuditSegment, AuditSegmentMove, Move
from .proving import read_records
from .segments import alias, is_dropped, lock, proved, segment_named

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
        InputError: there is no such segment or database.
        SegmentAltered, SegmentUnreadable: the file does not prove its rows.
        django.db.Error: the rows cannot be written; none was.
    """
    who = require_actor(reason)
    place = folder(directory)
    segment = segment_named(name)
    into = database or alias()
    if into not in connections:
        text = _("There is no database %(name)s in the settings.") % {"name": into}
        raise InputError(text, field="database")
    if into == alias():
        _require_away(segment)
    return _bring_back(segment, place, into, who, reason)


def _require_away(segment: AuditSegment) -> None:
    if not is_dropped(segment):
        sentence = _("The rows of %(name)s are in the database.")
        raise Refused("not-dropped", sentence % {"name": segment.name})


def _bring_back(
    segment: AuditSegment, place: Path, into: str, who: str, reason: str
) -> int:
    manifest = proved(segment, place).manifest
    with transaction.atomic(using=alias()), transaction.atomic(using=into):
        lock(segment)
        if into == alias():
            _require_away(segment)
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
    """Insert rows with the ids they had; one statement, sent for many at once."""
    connection = connections[using]
    quote = connection.ops.quote_name
    columns = ", ".join(
        quote(name) for name in ("id", *(one.attname for one in FIELDS))
    )
    places = ", ".join(["%s"] * (len(FIELDS) + 1))
    # Every word in it comes from the model; values travel as parameters.
    statement = f"INSERT INTO {quote(TABLE)} ({columns}) VALUES ({places})"  # noqa: S608 - see above
    left = iter(records)
    count = 0
    with connection.cursor() as cursor:
        while piece := list(islice(left, PIECE)):
            cursor.executemany(statement, [_values(one, connection) for one in piece])
            count += len(piece)
    return count


def _values(archived: ArchivedRecord, connection: BaseDatabaseWrapper) -> list[Any]:
    """Return the values of every column, all but three made of the payload."""
    row = {
        **columns_of(parse(archived.payload)),
        "payload": archived.payload,
        "mac": archived.mac,
        "mac_key_id": archived.mac_key_id,
    }
    return [archived.id, *values_for(row, connection)]
