"""Reads the log by its checkpoints, in pieces of a size that memory does not feel."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from django.db import router
from django.db.models import QuerySet

from jtsec.audit.models import AuditRecord

from .body import CheckpointBody, MalformedBody
from .exceptions import CheckpointAltered
from .models import AuditCheckpoint

CHUNK: Final = 2_000
"""Records, or late ids, of one statement."""

CHECKPOINTS: Final = 200
"""Checkpoints of one statement; their bodies are short as a rule."""

LATE_CHUNK: Final = 500
"""SQLite before 3.32 takes 999 parameters."""


def alias() -> str:
    """Return the alias of the database of the log; its replicas may lag behind."""
    return router.db_for_write(AuditRecord)


def checkpoints() -> QuerySet[AuditCheckpoint]:
    """Return all checkpoints, read where they are written."""
    return AuditCheckpoint.objects.using(alias())


def last_checkpoint() -> AuditCheckpoint | None:
    """Return the newest checkpoint, or None while there is none."""
    return checkpoints().order_by("-number").first()


def readable(checkpoint: AuditCheckpoint) -> CheckpointBody:
    """
    Return what a checkpoint says, believed or not.

    Raises:
        CheckpointAltered: its bytes say nothing.
    """
    try:
        return checkpoint.parsed()
    except MalformedBody as error:
        raise CheckpointAltered(checkpoint.number, str(error)) from error


def checkpoints_after(
    number: int, until: int | None = None
) -> Iterator[AuditCheckpoint]:
    """
    Yield the checkpoints behind a number, in order.

    Args:
        number: yield those above; 0 for all.
        until: yield none above; None for no end.
    """
    while True:
        some = checkpoints().filter(number__gt=number).order_by("number")
        if until is not None:
            some = some.filter(number__lte=until)
        found = list(some[:CHECKPOINTS])
        yield from found
        if len(found) < CHECKPOINTS:
            return
        number = found[-1].number


def members_of(
    checkpoint: AuditCheckpoint, only: Sequence[str] = ()
) -> Iterator[AuditRecord]:
    """
    Yield the records of a checkpoint that are there, in the order of its leaves.

    A member that was removed is left out: who must know compares the ids.

    Args:
        checkpoint: whose; its body is believed here, verifying is another's work.
        only: the columns to load, the id always; () for all.

    Raises:
        MalformedBody: the body is of no known version.
    """
    body = checkpoint.parsed()
    rows = AuditRecord.objects.using(alias()).order_by("id")
    if only:
        rows = rows.only(*only)
    yield from _late(rows, body)
    for low, high in _runs(body):
        for row in _between(rows, low, high):
            # A late row of a later checkpoint stands in a gap of this one.
            if body.has_member(row.pk):
                yield row


def checkpoint_of(record_id: int) -> AuditCheckpoint | None:
    """Return the checkpoint that a record of this id belongs to, None while none."""
    over = checkpoints().filter(last_id__gte=record_id).order_by("last_id", "number")
    for found in over[:1]:
        if found.parsed().has_member(record_id):
            return found
    # It stood in a gap; a later checkpoint names it among the late ones.
    late = checkpoints().filter(late_first__lte=record_id, late_last__gte=record_id)
    for found in late.order_by("number"):
        if found.parsed().has_member(record_id):
            return found
    return None


def sealed_among(ids: Sequence[int]) -> set[int]:
    """
    Return those of some ids that a checkpoint names already.

    Args:
        ids: ascending.

    Raises:
        CheckpointAltered: one that could name them says nothing.
    """
    found: set[int] = set()
    left = ids
    while left:
        over = checkpoints().filter(last_id__gte=left[0])
        stored = over.order_by("last_id", "number").first()
        if stored is None:
            break
        body = readable(stored)
        # One at least, or a column that differs from its body would hold us here.
        size = max(1, bisect_right(left, body.last))
        found.update(one for one in left[:size] if body.has_member(one))
        left = left[size:]
    if ids:
        late = checkpoints().filter(late_first__lte=ids[-1], late_last__gte=ids[0])
        for stored in late.order_by("number"):
            found.update(set(readable(stored).late).intersection(ids))
    return found


def _late(rows: QuerySet[AuditRecord], body: CheckpointBody) -> Iterator[AuditRecord]:
    for start in range(0, len(body.late), LATE_CHUNK):
        yield from rows.filter(pk__in=body.late[start : start + LATE_CHUNK])


def _runs(body: CheckpointBody) -> Iterator[tuple[int, int]]:
    """Yield ranges to read: whole where gaps are many and small."""
    wide = body.last - body.first + 1 > 4 * max(body.count, CHUNK)
    if wide:
        yield from body.runs()
    elif body.first <= body.last:
        yield body.first, body.last


def _between(rows: QuerySet[AuditRecord], low: int, high: int) -> Iterator[AuditRecord]:
    while True:
        found = list(rows.filter(pk__gte=low, pk__lte=high)[:CHUNK])
        yield from found
        if len(found) < CHUNK:
            return
        low = found[-1].pk + 1
