"""
Archives what is sealed: whole checkpoints, month by month, each segment proved.

A segment is recorded when its file is on the disk and was read back. Two that archive
at once write two files; only one of them can be recorded, and the other is removed.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from jtsec.audit.api import record
from jtsec.audit.sealing.api import checkpoints_after
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.core.clock import now
from jtsec.crypto.exceptions import CryptoError
from jtsec.keys import api as keys

from .conf import archive_settings
from .events import SegmentArchived
from .exceptions import ArchiveFailed, SegmentAltered
from .folder import folder
from .models import AuditSegment, AuditSegmentRange
from .proving import Proof
from .segments import alias, aware, moment_of, start_of_month, stated
from .writing import write_segment


def archive(
    *, until: datetime | None = None, directory: Path | None = None
) -> list[AuditSegment]:
    """
    Archive the checkpoints before a moment that are in no segment yet (A5.9).

    Args:
        until: archive checkpoints made before it; by default before this month.
        directory: instead of the one of the settings.

    Returns:
        The new segments. Nothing is dropped.

    Raises:
        NoArchiveFolder: there is no folder to archive into.
        ArchiveFailed: a segment could not be written; those before it stand.
        RecordAltered, SegmentAltered: rows or checkpoints are not what was sealed.
        CannotVerify, ConfigurationError: a key is missing.
    """
    place = folder(directory)
    end = until or start_of_month(now())
    made: list[AuditSegment] = []
    while stretch := _next_stretch(end):
        path, proof = write_segment(place, stretch)
        try:
            made.append(_recorded(proof))
        except IntegrityError as error:
            with suppress(OSError):
                path.unlink()
            raise ArchiveFailed("somebody else archives at this moment") from error
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise
    return made


def _next_stretch(end: datetime) -> list[AuditCheckpoint]:
    """Return the next checkpoints of one month that fill a segment."""
    last = AuditSegment.objects.using(alias()).order_by("-last_checkpoint").first()
    number = 0 if last is None else last.last_checkpoint
    previous = b"" if last is None else bytes.fromhex(stated(last).last_hash)
    found: list[AuditCheckpoint] = []
    rows = 0
    for checkpoint in checkpoints_after(number):
        body = checkpoint.parsed()
        number += 1
        if checkpoint.number != number or (previous and body.previous != previous):
            name = f"checkpoint {number}"
            raise SegmentAltered(name, "it is not there, or not what follows")
        if body.made_at >= aware(end) or (
            found and not _same_month(found[0], body.made_at)
        ):
            break
        found.append(checkpoint)
        previous = bytes(checkpoint.hash)
        rows += checkpoint.count
        if rows >= archive_settings().segment_rows:
            break
    if found:
        _require_signed(found[-1])
    return found


def _require_signed(checkpoint: AuditCheckpoint) -> None:
    """Verify the last one's signature; each hash covers all checkpoints before it."""
    public = keys.signing_key_of(checkpoint.parsed().key).public
    try:
        public.verify(bytes(checkpoint.body), bytes(checkpoint.signature))
    except CryptoError as error:
        name = f"checkpoint {checkpoint.number}"
        raise SegmentAltered(name, "its signature is wrong") from error


def _recorded(proof: Proof) -> AuditSegment:
    manifest = proof.manifest
    with transaction.atomic(using=alias()):
        segment = AuditSegment(
            name=manifest.segment,
            first_checkpoint=manifest.first,
            last_checkpoint=manifest.last,
            rows=manifest.rows,
            since=_column(manifest.since),
            until=_column(manifest.until),
            size=manifest.size,
            digest=bytes.fromhex(manifest.digest),
            manifest=proof.content,
            signature=proof.signature,
            key_id=manifest.key,
            made_at=_column_time(moment_of(manifest.at)),
        )
        segment.save(using=alias())
        AuditSegmentRange.objects.using(alias()).bulk_create(
            AuditSegmentRange(segment=segment, first_id=low, last_id=high)
            for low, high in manifest.ids
        )
        record(
            SegmentArchived(
                resource=f"archive:{manifest.segment}",
                first_checkpoint=manifest.first,
                last_checkpoint=manifest.last,
                rows=manifest.rows,
                digest=manifest.digest,
            )
        )
    return segment


def _column(text: str) -> datetime | None:
    return _column_time(moment_of(text)) if text else None


def _column_time(at: datetime) -> datetime:
    return at if settings.USE_TZ else timezone.make_naive(at)


def _same_month(first: AuditCheckpoint, at: datetime) -> bool:
    one = timezone.localtime(first.parsed().made_at)
    other = timezone.localtime(at)
    return (one.year, one.month) == (other.year, other.month)
