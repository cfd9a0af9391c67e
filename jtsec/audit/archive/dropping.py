"""
Drops rows that are archived and older than the retention: the one way out (A5.9).

Before a row goes, its segment is proved from its file once more and held against the
table row by row. Then the rows go, the move is written down and the event recorded in
one transaction. The database decides for itself as well: its trigger lets a row go only
when a segment names it and it is older than a year by the database's own clock.
Checkpoints never go; they are what the segments are proved with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from django.db import DatabaseError, connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.audit.conf import audit_settings
from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import last_checkpoint
from jtsec.audit.triggers import MESSAGE, TABLE
from jtsec.core.clock import now
from jtsec.core.exceptions import JtsecError, Refused

from .acting import require_actor
from .events import DropRefused, SegmentDropped
from .exceptions import SegmentAltered, TooYoung
from .folder import folder
from .items import ArchivedRecord
from .models import AuditSegment, AuditSegmentMove, Move
from .proving import Proof, read_records
from .segments import (
    alias,
    aware,
    is_dropped,
    lock,
    moment_of,
    move_of,
    proved,
    segment_named,
    segments,
)

PIECE: Final = 500
"""Rows compared with one query; SQLite before 3.32 takes 999 parameters."""


def drop(
    *,
    reason: str,
    until: datetime | None = None,
    name: str = "",
    directory: Path | None = None,
) -> list[AuditSegment]:
    """
    Drop the rows of segments whose every event is older than the retention.

    Args:
        reason: why, for the audit.
        until: only segments that end before it; it must be past the retention.
        name: only this segment, and only if it ends before that.
        directory: where the files are, instead of the settings' folder.

    Returns:
        The segments whose rows went, those before a failure included.

    Raises:
        Refused: nobody acts, or no reason is given.
        TooYoung: something asked for is younger than the retention.
        SegmentAltered, SegmentUnreadable: a file does not prove its rows.
        DatabaseError: the database cannot be written.
    """
    who = require_actor(reason)
    place = folder(directory)
    done: list[AuditSegment] = []
    for segment in _chosen(until, name):
        try:
            _drop_one(segment, place, reason, who)
        except JtsecError as error:
            record(DropRefused(resource=f"archive:{segment.name}", reason=str(error)))
            raise
        done.append(segment)
    return done


def may_go_after(at: datetime) -> datetime:
    """Return when an event of a moment may leave the database."""
    return at + timedelta(days=audit_settings().retention_days)


def oldest_to_stay() -> datetime:
    """
    Return the moment before which events may go.

    The newest checkpoint bears witness: a clock that was set forward alone does not
    make the log a year older.
    """
    newest = last_checkpoint()
    present = now()
    if newest is not None:
        made = newest.parsed().made_at
        present = min(aware(present), made)
    return aware(present) - timedelta(days=audit_settings().retention_days)


def _chosen(until: datetime | None, name: str) -> list[AuditSegment]:
    limit = oldest_to_stay()
    if until is not None and aware(until) > limit:
        sentence = _("Events from %(day)s on are younger than the retention.")
        error = TooYoung(sentence % {"day": _day(limit)})
        record(DropRefused(resource="archive", reason=str(error)))
        raise error
    if name:
        named = segment_named(name)
        return [named] if until is None or _ends_before(named, aware(until)) else []
    end = limit if until is None else aware(until)
    here = (one for one in segments() if move_of(one) != Move.DROPPED)
    return [one for one in here if _ends_before(one, end)]


def _ends_before(segment: AuditSegment, end: datetime) -> bool:
    return segment.until is None or aware(segment.until) < end


def _drop_one(segment: AuditSegment, place: Path, reason: str, who: str) -> None:
    _require_here(segment)
    proof = proved(segment, place)
    _require_old(proof)
    try:
        _require_same_rows(proof, place / segment.name)
    except SegmentAltered:
        # Somebody else may have dropped them while the file was read.
        _require_here(segment)
        raise
    with transaction.atomic(using=alias()):
        lock(segment)
        _delete(segment, proof)
        AuditSegmentMove(
            segment=segment,
            what=Move.DROPPED,
            at=now(),
            rows=proof.manifest.rows,
            actor=who[:254],
            reason=reason[:255],
        ).save(using=alias())
        record(
            SegmentDropped(
                resource=f"archive:{segment.name}",
                rows=proof.manifest.rows,
                digest=proof.manifest.digest,
                reason=reason,
            )
        )


def _require_here(segment: AuditSegment) -> None:
    if is_dropped(segment):
        sentence = _("The rows of %(name)s were dropped before.")
        raise Refused("already-dropped", sentence % {"name": segment.name})


def _require_old(proof: Proof) -> None:
    """Require that the youngest event, as its check value proves it, may go."""
    youngest = proof.manifest.until
    limit = oldest_to_stay()
    if youngest and moment_of(youngest) >= limit:
        sentence = _("%(name)s holds events of %(day)s; they may go from %(then)s on.")
        raise TooYoung(
            sentence
            % {
                "name": proof.manifest.segment,
                "day": _day(moment_of(youngest)),
                "then": _day(may_go_after(moment_of(youngest))),
            }
        )


def _require_same_rows(proof: Proof, path: Path) -> None:
    """Require that what would go is what the file holds, each row by its bytes."""
    name = proof.manifest.segment
    for piece in _pieces(read_records(path, name)):
        ids = [one.id for one in piece]
        rows = AuditRecord.objects.using(alias()).filter(pk__in=ids)
        found = {
            row.pk: (row.mac_key_id, bytes(row.mac), bytes(row.payload))
            for row in rows.only("mac_key_id", "mac", "payload")
        }
        for one in piece:
            if found.get(one.id) != (one.mac_key_id, one.mac, one.payload):
                what = f"record {one.id} in the table is missing or another one"
                raise SegmentAltered(name, what)


def _pieces(records: Iterable[ArchivedRecord]) -> Iterator[list[ArchivedRecord]]:
    left = iter(records)
    while piece := list(islice(left, PIECE)):
        yield piece


def _delete(segment: AuditSegment, proof: Proof) -> None:
    connection = connections[alias()]
    table = connection.ops.quote_name(TABLE)
    # The name is a constant; the ids travel as parameters.
    statement = f"DELETE FROM {table} WHERE id >= %s AND id <= %s"  # noqa: S608 - see above
    gone = 0
    try:
        with connection.cursor() as cursor:
            for low, high in proof.manifest.ids:
                cursor.execute(statement, [low, high])
                gone += cursor.rowcount
    except DatabaseError as error:
        if MESSAGE in str(error):
            sentence = _("The database itself refuses to drop rows of %(name)s.")
            raise TooYoung(sentence % {"name": segment.name}) from error
        raise
    if gone != proof.manifest.rows:
        _require_here(segment)
        what = f"{gone} rows would go and {proof.manifest.rows} are archived"
        raise SegmentAltered(segment.name, what)


def _day(at: datetime) -> str:
    return f"{timezone.localtime(aware(at)):%Y-%m-%d}"
