"""
Writes one segment: streamed, encrypted, on the disk, and read back before it counts.

It is written under a name that no reader looks for, forced to the disk, read back from
its first byte to its last, and only then given its name. A full disk, a kill or a
broken cable leaves at most that draft.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import moment
from jtsec.audit.sealing.api import CheckpointBody, members_of
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.audit.verification import verify_record
from jtsec.core.clock import now
from jtsec.crypto import merkle

from .exceptions import ArchiveFailed, SegmentAltered
from .frames import FrameWriter
from .items import ArchivedRecord, checkpoint_item, record_item
from .manifest import Manifest, signer
from .proving import Proof, prove
from .ranges import merged
from .segment_head import new_head

SUFFIX: Final = ".segment"


@dataclass
class _Tally:
    """What was seen while writing."""

    rows: int = 0
    since: str = ""
    until: str = ""

    def note(self, at: str) -> None:
        self.rows += 1
        self.since = min(self.since or at, at)
        self.until = max(self.until, at)


def write_segment(
    directory: Path, checkpoints: Sequence[AuditCheckpoint]
) -> tuple[Path, Proof]:
    """
    Write the segment of successive checkpoints and prove it (A5.9).

    Args:
        directory: must be there.
        checkpoints: at least one, in order, without a hole.

    Returns:
        The file and what was read back from it.

    Raises:
        ArchiveFailed: it could not be written.
        RecordAltered, SegmentAltered: the rows are not those that were sealed.
        CannotVerify, ConfigurationError: a key is missing.
    """
    name = _name(checkpoints)
    path = directory / name
    draft = directory / f".{name}.part"
    try:
        try:
            with draft.open("xb") as file:
                _write(file, name, checkpoints)
                file.flush()
                os.fsync(file.fileno())
            proof = prove(draft, name, deep=True)
            # link, unlike rename, never replaces a file that is there.
            draft.rename(path) if os.name == "nt" else os.link(draft, path)
            _force(directory)
        except OSError as error:
            raise ArchiveFailed(f"{path} could not be written: {error}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return path, proof


def _name(checkpoints: Sequence[AuditCheckpoint]) -> str:
    first, last = checkpoints[0], checkpoints[-1]
    month = f"{last.parsed().made_at:%Y-%m}"
    # Two that archive at once must not write into each other's file.
    chance = secrets.token_hex(4)
    return f"audit-{month}-{first.number:09d}-{last.number:09d}-{chance}{SUFFIX}"


def _write(file: BinaryIO, name: str, checkpoints: Sequence[AuditCheckpoint]) -> None:
    first, last = checkpoints[0].parsed(), checkpoints[-1]
    head = new_head(name, first.log, first.number, last.number)
    writer = FrameWriter(file, head.data, head.gcm)
    tally = _Tally()
    runs: list[tuple[int, int]] = []
    for checkpoint in checkpoints:
        body = checkpoint.parsed()
        writer.add(checkpoint_item(checkpoint))
        for record in _sealed_rows(checkpoint, body, name, tally):
            writer.add(record_item(record))
        runs.extend((one, one) for one in body.late)
        runs.extend(body.runs())
    digest = writer.close()
    key_id, private = signer()
    manifest = Manifest(
        segment=name,
        log=first.log,
        first=first.number,
        last=last.number,
        last_hash=bytes(last.hash).hex(),
        ids=merged(runs),
        rows=tally.rows,
        since=tally.since,
        until=tally.until,
        size=writer.size,
        digest=digest.hex(),
        at=moment(now()),
        key=key_id,
        public=private.public.fingerprint(),
    ).to_bytes()
    signature = private.sign(manifest)
    for part in (manifest, signature):
        file.write(len(part).to_bytes(4, "big") + part)


def _sealed_rows(
    checkpoint: AuditCheckpoint, body: CheckpointBody, name: str, tally: _Tally
) -> Iterator[ArchivedRecord]:
    """Yield the rows of a checkpoint; raise where they are not what it sealed."""
    tree = merkle.Tree()
    for row in members_of(checkpoint):
        record = _record(row)
        # The columns are not archived: they must say nothing the payload does not.
        tally.note(verify_record(row)["at"])
        tree.append(record.leaf())
        yield record
    if len(tree) != body.count or tree.root() != body.root:
        what = f"the rows of checkpoint {body.number} are not those that it seals"
        raise SegmentAltered(name, what)


def _record(row: AuditRecord) -> ArchivedRecord:
    return ArchivedRecord(row.pk, row.mac_key_id, bytes(row.mac), bytes(row.payload))


def _force(directory: Path) -> None:
    """Have the name on the disk too; Windows has no way and no need to."""
    if os.name != "posix":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
