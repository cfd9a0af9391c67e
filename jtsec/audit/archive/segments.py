"""What is recorded of segments: which there are, and where their rows are now."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import connections, router
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import checkpoints_after
from jtsec.core.exceptions import InputError

from .exceptions import SegmentAltered, SegmentUnreadable
from .manifest import Manifest, WrongManifest, verify_manifest
from .models import AuditSegment, AuditSegmentMove, Move
from .proving import Proof, Trusted, prove


def alias() -> str:
    """Return the database of the log."""
    return router.db_for_write(AuditRecord)


def segments() -> QuerySet[AuditSegment]:
    """Return all segments in order, each with `last_move`, "" while it never moved."""
    moves = AuditSegmentMove.objects.filter(segment=OuterRef("pk")).order_by("-pk")
    return AuditSegment.objects.using(alias()).annotate(
        last_move=Subquery(moves.values("what")[:1])
    )


def dropped_segments() -> list[AuditSegment]:
    """Return the segments whose rows are in their files alone."""
    return [one for one in segments() if move_of(one) == Move.DROPPED]


def move_of(segment: AuditSegment) -> str:
    """Return what last happened to a segment of `segments()`, "" for nothing."""
    return getattr(segment, "last_move", None) or ""


def segment_named(name: str) -> AuditSegment:
    """
    Return a segment by the name of its file.

    Raises:
        InputError: none is recorded under it.
    """
    found = segments().filter(name=name).first()
    if found is None:
        text = _("No segment is called %(name)s.") % {"name": name}
        raise InputError(text, field="segment", code="unknown-segment")
    return found


def is_dropped(segment: AuditSegment) -> bool:
    """Answer whether the rows of a segment are in its file alone."""
    last = AuditSegmentMove.objects.using(alias()).filter(segment=segment).last()
    return last is not None and last.what == Move.DROPPED


def lock(segment: AuditSegment) -> None:
    """
    Let nobody else move the rows of a segment until this transaction ends.

    SQLite has one writer; reading first would only make its write fail.
    """
    if not connections[alias()].features.has_select_for_update:
        return
    locked = AuditSegment.objects.using(alias()).select_for_update()
    locked.values_list("pk").get(pk=segment.pk)


def stated(segment: AuditSegment, trusted: Trusted = None) -> Manifest:
    """
    Return what is recorded of a segment, its signature verified.

    Raises:
        SegmentAltered: it is not what was signed.
        ConfigurationError: the signing key is not in the ring.
    """
    try:
        content, signature = bytes(segment.manifest), bytes(segment.signature)
        return verify_manifest(content, signature, trusted)
    except WrongManifest as error:
        raise SegmentAltered(segment.name, str(error)) from error


def proved(
    segment: AuditSegment,
    directory: Path,
    *,
    deep: bool = True,
    trusted: Trusted = None,
) -> Proof:
    """
    Return the proof of a segment's file, after comparing it with what is recorded.

    Raises:
        SegmentAltered: the file, the record, or the checkpoint it ends with is not
            what was signed.
        SegmentUnreadable: the file is not there, or a key is missing.
    """
    manifest = stated(segment, trusted)
    _require_checkpoint(segment, manifest)
    proof = prove(directory / segment.name, segment.name, deep=deep, trusted=trusted)
    if proof.content != bytes(segment.manifest):
        raise SegmentAltered(segment.name, "the file is another one than is recorded")
    return proof


def _require_checkpoint(segment: AuditSegment, manifest: Manifest) -> None:
    """Require that the log still ends this stretch with the same checkpoint."""
    found = next(checkpoints_after(manifest.last - 1, manifest.last), None)
    if found is None:
        what = f"checkpoint {manifest.last} is not in the database"
        raise SegmentUnreadable(f"{segment.name}: {what}")
    if bytes(found.hash).hex() != manifest.last_hash:
        what = f"checkpoint {manifest.last} is another one in the database"
        raise SegmentAltered(segment.name, what)


def moment_of(text: str) -> datetime:
    """Return the time of a manifest, aware."""
    return datetime.fromisoformat(text)


def aware(at: datetime) -> datetime:
    """Return a time that knows its zone, also where the project's columns do not."""
    return timezone.make_aware(at) if timezone.is_naive(at) else at


def start_of_month(at: datetime) -> datetime:
    """Return when the month of a moment began in the project's time zone."""
    local = timezone.localtime(aware(at))
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
