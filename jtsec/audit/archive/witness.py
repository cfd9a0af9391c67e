"""Answers a verification for rows that are in a segment and no longer in the table."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from jtsec.audit.sealing.api import MalformedBody, last_checkpoint
from jtsec.audit.triggers import DAYS
from jtsec.audit.verifying.api import Dropped
from jtsec.crypto import sm2

from .exceptions import SegmentAltered
from .folder import folder
from .manifest import Manifest
from .models import AuditSegment
from .segments import dropped_segments, moment_of, proved, stated


class Witness:
    """What a verification asks the archive."""

    def dropped(self) -> Sequence[Dropped]:
        """Return the stretches of checkpoints whose rows are in files alone."""
        return [
            Dropped(one.first_checkpoint, one.last_checkpoint, one.name)
            for one in dropped_segments()
        ]

    def check(
        self, dropped: Dropped, *, deep: bool, pems: Sequence[str] | None
    ) -> None:
        """
        Return if the file of a stretch holds what its checkpoints seal.

        Args:
            dropped: one of those `dropped` returned.
            deep: open the file and prove every row; otherwise its digest and its
                signature alone.
            pems: the public keys that are believed; None for the ring.

        Raises:
            SegmentAltered: it does not.
            SegmentUnreadable, NoArchiveFolder, UnknownKey: that cannot be said.
        """
        segment = AuditSegment.objects.get(name=dropped.place)
        # First the signed statement: a row somebody made up must not excuse a gap.
        trusted = (
            None if pems is None else [sm2.PublicKey.from_pem(one) for one in pems]
        )
        manifest = stated(segment, trusted)
        if (manifest.first, manifest.last) != (dropped.first, dropped.last):
            raise SegmentAltered(dropped.place, "its columns are not what was signed")
        _require_old(manifest)
        proved(segment, folder(), deep=deep, trusted=trusted)


def _require_old(manifest: Manifest) -> None:
    """
    Require that the rows may be out of the database at all (A5.9).

    Who owns it can delete them and write down a move. The newest checkpoint tells the
    time: `drop` asked it too, and unlike a clock it never goes back.
    """
    newest = last_checkpoint()
    if newest is None or not manifest.until:
        return
    with suppress(MalformedBody):
        limit = newest.parsed().made_at - timedelta(days=DAYS)
        if moment_of(manifest.until) > limit:
            what = "its events are younger than a year and must be in the database"
            raise SegmentAltered(manifest.segment, what)
