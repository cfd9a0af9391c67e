"""
Packs the log into the spool, checkpoint by checkpoint, each row once.

The cursor moves in the transaction that writes the batches: a process killed before its
commit has packed nothing, one killed after it has packed all, and two that pack at once
are told apart by the cursor, which only one of them can move. Packing itself happens
outside of that transaction, so no writer waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import router, transaction

from jtsec.audit.api import RecordAltered, record_all
from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import checkpoints_after, members_of
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.core.clock import now
from jtsec.crypto import envelope
from jtsec.keys import api as keys

from .batches import Batch, pack
from .conf import export_settings
from .exceptions import RowsNotThere
from .files import left_out
from .log_entry import Kind
from .models import AuditExportBatch, AuditExportCursor
from .rows import entries_of

CURSOR: Final = "police"
CONTEXT: Final = b"jtsec.audit.export:"
ROWS_A_PASS: Final = 10_000


def spool() -> int:
    """
    Pack what is sealed and not packed yet; return how many batches that made.

    Raises:
        RowsNotThere: rows of a checkpoint have left for an archive.
        CannotVerify, ConfigurationError: a key is missing; nothing was packed.
    """
    made = 0
    while (packed := _pack_some()) is not None:
        made += packed
    return made


def alias() -> str:
    """Return the database of the spool: that of the log, to commit with it."""
    return router.db_for_write(AuditExportBatch)


def cursor() -> AuditExportCursor:
    """Return the one row of the export's state, made when first asked for."""
    found, _made = AuditExportCursor.objects.using(alias()).get_or_create(name=CURSOR)
    return found


def _pack_some() -> int | None:
    """Pack one stretch; None when there is nothing left, or somebody else packed it."""
    start = cursor().checkpoint
    checkpoints = _stretch(start)
    if not checkpoints:
        return None
    altered: list[RecordAltered] = []
    batches = list(
        pack(entries_of(_members(checkpoints), altered), export_settings().format)
    )
    end = checkpoints[-1].number
    with transaction.atomic(using=alias()):
        if not _move(start, end):
            return None
        AuditExportBatch.objects.using(alias()).bulk_create(
            _row(batch, start + 1, end) for batch in batches
        )
        record_all(left_out(error) for error in altered)
    return len(batches)


def _stretch(start: int) -> list[AuditCheckpoint]:
    """Return the next checkpoints, together not many more rows than one pass takes."""
    found: list[AuditCheckpoint] = []
    rows = 0
    for checkpoint in checkpoints_after(start):
        found.append(checkpoint)
        rows += checkpoint.count
        if rows >= ROWS_A_PASS:
            break
    return found


def _members(checkpoints: list[AuditCheckpoint]) -> Iterator[AuditRecord]:
    for checkpoint in checkpoints:
        found = 0
        for row in members_of(checkpoint):
            found += 1
            yield row
        if found != checkpoint.count:
            raise RowsNotThere(checkpoint.number, found, checkpoint.count)


def _move(start: int, end: int) -> bool:
    moved = (
        AuditExportCursor.objects.using(alias())
        .filter(name=CURSOR, checkpoint=start)
        .update(checkpoint=end)
    )
    return moved == 1


def _row(batch: Batch, first: int, last: int) -> AuditExportBatch:
    return AuditExportBatch(
        send_id=batch.send_id,
        form=batch.form,
        kind=str(batch.kind),
        rows=batch.rows,
        first_checkpoint=first,
        last_checkpoint=last,
        content=_seal(batch),
        made_at=now(),
    )


def _seal(batch: Batch) -> bytes:
    key_id, gcm = keys.active_gcm(keys.Purpose.AUDIT_DETAIL)
    context = CONTEXT + batch.send_id.encode()
    return envelope.seal_symmetric(key_id, gcm, batch.content, context)


def batch_of(row: AuditExportBatch) -> Batch:
    """
    Return a batch as it was packed.

    Raises:
        CryptoError: its content was altered in the table.
        ConfigurationError: the key that sealed it is missing.
    """
    blob = bytes(row.content)
    gcm = keys.gcm(envelope.read_header(blob).key_id)
    content = envelope.open_symmetric(blob, gcm, CONTEXT + row.send_id.encode())
    return Batch(
        send_id=row.send_id,
        form=row.form,
        kind=Kind(row.kind),
        rows=row.rows,
        content=content,
    )
