"""
The export as files: one batch a file, each whole or not there.

What is asked for is a stretch of time, sealed or not. The same stretch gives the same
files under the same names, so an export that was interrupted is simply made again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import router

from jtsec.audit.api import RecordAltered, record_all
from jtsec.audit.models import AuditRecord

from .batches import FORMATS, Batch, pack
from .events import AlteredRowLeftOut, ExportWritten
from .exceptions import ExportFailed
from .log_entry import Kind, LogEntry
from .messages import unsigned
from .rows import entries_of


@dataclass(frozen=True)
class Written:
    """What an export to files came to."""

    files: tuple[Path, ...]
    rows: int
    left_out: tuple[int, ...]
    """Ids of altered rows."""


def write_files(
    directory: Path,
    *,
    form: str,
    since: datetime | None = None,
    until: datetime | None = None,
    kind: Kind | None = None,
    reason: str = "",
) -> Written:
    """
    Write the events of a stretch of time as files of the police log (A5.11, T9.1).

    Args:
        directory: made for its owner alone where it is missing.
        form: "v1" (XML in GBK) or "v2" (JSON).
        since: from this moment on; None from the first event.
        until: up to and without this moment; None to the last event.
        kind: only this log; None for both.
        reason: why, for the audit.

    Raises:
        ExportFailed: a file could not be written; those before it are whole.
        CannotVerify: a key is missing, or the export cannot be recorded.
    """
    _make(directory)
    altered: list[RecordAltered] = []
    entries = entries_of(_rows(since, until), altered)
    paths, count = _write_all(directory, pack(_of_kind(entries, kind), form))
    exported = ExportWritten(
        resource=str(directory),
        form=form,
        since=_text(since),
        until=_text(until),
        rows=count,
        files=len(paths),
        reason=reason,
    )
    record_all([*(left_out(error) for error in altered), exported])
    gone = tuple(int(str(error.record)) for error in altered)
    return Written(paths, count, gone)


def left_out(error: RecordAltered) -> AlteredRowLeftOut:
    """Return the event of an altered row that was not handed over."""
    return AlteredRowLeftOut(resource=f"audit:{error.record}", reason=str(error))


def _text(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()


def _rows(since: datetime | None, until: datetime | None) -> Iterable[AuditRecord]:
    rows = AuditRecord.objects.using(router.db_for_write(AuditRecord))
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    return rows.order_by("at", "id").iterator(chunk_size=1000)


def _of_kind(entries: Iterable[LogEntry], kind: Kind | None) -> Iterable[LogEntry]:
    return (entry for entry in entries if kind is None or entry.kind is kind)


def _write_all(
    directory: Path, batches: Iterable[Batch]
) -> tuple[tuple[Path, ...], int]:
    paths: list[Path] = []
    rows = 0
    for number, batch in enumerate(batches, 1):
        paths.append(_write(directory, batch, number))
        rows += batch.rows
    return tuple(paths), rows


def _make(directory: Path) -> None:
    try:
        # The log names people: nobody else is to read what leaves it.
        directory.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ExportFailed(f"{directory}: {error.strerror}") from error


def _write(directory: Path, batch: Batch, number: int) -> Path:
    suffix = FORMATS[batch.form].SUFFIX
    name = f"jtsec-{batch.kind}-{batch.form}-{number:06d}-{batch.send_id}.{suffix}"
    path = directory / name
    draft = path.with_name(f".{name}.part")
    content = batch.content if batch.form == "v1" else unsigned(batch)
    try:
        try:
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # A reader of the folder sees a whole file or none.
            draft.replace(path)
        except OSError as error:
            raise ExportFailed(f"{path} could not be written: {error}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return path
