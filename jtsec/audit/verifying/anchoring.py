"""
Holds the checkpoints against what the anchors know of them.

Whoever holds every key can write a log that is sound in itself, and whoever owns the
database can cut its end or put an old copy back. An anchor that they do not own still
has the checkpoints as they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.utils.translation import gettext as _

from jtsec.audit.sealing.api import (
    Anchor,
    AnchoredCheckpoint,
    CannotRead,
    CheckpointBody,
    MalformedBody,
    hash_of,
    parse_body,
)
from jtsec.audit.sealing.models import AuditAnchor, AuditCheckpoint
from jtsec.core.clock import now
from jtsec.crypto.exceptions import CryptoError

from . import traces
from .finding import Finding, Findings, Kind
from .trust import Trust

CHUNK: Final = 200
GRACE_SECONDS: Final = 60
"""For how long a checkpoint may be on its way to an anchor."""


@dataclass
class _Held:
    """The numbers that an anchor holds, as ranges: one range as a rule."""

    ranges: list[list[int]] = field(default_factory=list)

    def add(self, number: int) -> None:
        if self.ranges and self.ranges[-1][0] <= number <= self.ranges[-1][1] + 1:
            self.ranges[-1][1] = max(number, self.ranges[-1][1])
        else:
            self.ranges.append([number, number])

    def holes(self, first: int) -> Iterator[tuple[int, int]]:
        for low, high in sorted(self.ranges):
            if low > first:
                yield first, low - 1
            first = max(first, high + 1)

    @property
    def highest(self) -> int:
        return max((high for _low, high in self.ranges), default=0)


@dataclass
class Comparison:
    """
    One anchor beside the database.

    Args:
        anchor: the anchor.
        using: the alias of the database.
        trust: the keys that are believed.
        first: the first checkpoint of interest.
        last: the last one; None where the end of the log is of interest.
    """

    anchor: Anchor
    using: str
    trust: Trust
    first: int = 1
    last: int | None = None
    _held: _Held = field(default_factory=_Held)
    _gone: list[CheckpointBody] = field(default_factory=list)
    _different: list[int] = field(default_factory=list)
    _unsigned: list[int] = field(default_factory=list)

    def make(self, findings: Findings) -> None:
        """Compare, and add what is found."""
        # Asked first: what a sealer writes while the anchor is read was not cut off.
        written = self._written()
        try:
            lines = self.anchor.read()
            while some := list(islice(lines, CHUNK)):
                self._compare(some)
        except CannotRead as error:
            text = _("The anchor cannot be read: %(error)s.") % {"error": error}
            self._found(findings, Kind.ANCHOR_UNREADABLE, text)
            return
        self._tell_different(findings)
        self._tell_cut(findings)
        self._tell_holes(findings)
        if self.last is None:
            self._tell_behind(findings, written)

    def _compare(self, lines: list[AnchoredCheckpoint]) -> None:
        numbers = {line.number for line in lines}
        rows = AuditCheckpoint.objects.using(self.using).filter(number__in=numbers)
        ours = {
            number: hash_of(bytes(body), bytes(signature))
            for number, body, signature in rows.values_list(
                "number", "body", "signature"
            )
        }
        for line in lines:
            number = line.number
            if number < self.first or (self.last is not None and number > self.last):
                continue
            if ours.get(number) == line.hash:  # no secret
                self._held.add(number)
            elif (body := self._signed(line)) is None:
                self._unsigned.append(number)
            elif number in ours:
                self._held.add(number)
                _keep_ends(self._different, number)
            else:
                self._held.add(number)
                _keep_ends(self._gone, body)

    def _signed(self, line: AnchoredCheckpoint) -> CheckpointBody | None:
        """Return what a line says if a believed key has signed it."""
        try:
            body = parse_body(line.body)
            key = self.trust.get(body.public)
            if key is not None:
                key.verify(line.body, line.signature)
        except (MalformedBody, CryptoError):
            return None
        if key is None or body.number != line.number:
            return None
        if body.next_key is not None:
            self.trust.believe(body.next_key.public_pem)
        return body

    def _tell_different(self, findings: Findings) -> None:
        if self._different:
            text = _(
                "The anchor knows another checkpoint %(number)d, signed as well: the "
                "log was rewritten, or an old copy was put back and went on from there."
            )
            number = min(self._different)
            self._found(
                findings, Kind.ANCHOR_MISMATCH, text % {"number": number}, number
            )
        if self._unsigned:
            number = min(self._unsigned)
            text = _(
                "The anchor holds something under number %(number)d that neither the "
                "database has nor a known key has signed."
            )
            self._found(
                findings, Kind.ANCHOR_ALTERED, text % {"number": number}, number
            )

    def _tell_cut(self, findings: Findings) -> None:
        """Tell of checkpoints behind the end; a hole within is told by the chain."""
        newest = AuditCheckpoint.objects.using(self.using).order_by("-number").first()
        end = newest.number if newest else 0
        gone = [body for body in self._gone if body.number > end]
        if not gone:
            return
        first = min(gone, key=lambda body: body.number)
        last = max(gone, key=lambda body: body.number)
        is_cut = traces.of_more(self.using, newest)
        text = _(
            "The log ends with checkpoint %(end)d, but the anchor knows those up to "
            "%(last)d: records %(low)d to %(high)d were removed with their checkpoints."
        )
        if not is_cut:
            text = _(
                "The log ends with checkpoint %(end)d, but the anchor knows those up "
                "to %(last)d, and nothing in the database does: it is an old copy, "
                "and records %(low)d to %(high)d are gone."
            )
        values = {"end": end, "last": last.number, "low": first.first}
        sentence = text % (values | {"high": last.last})
        kind = Kind.CUT_TAIL if is_cut else Kind.REPLAYED
        self._found(findings, kind, sentence, first.number, first.first)

    def _tell_holes(self, findings: Findings) -> None:
        for low, high in self._held.holes(self.first):
            text = _(
                "The anchor holds checkpoints behind number %(high)d but not %(low)d "
                "to %(high)d: something was taken out of it."
            )
            sentence = text % {"low": low, "high": high}
            self._found(findings, Kind.ANCHOR_ALTERED, sentence, low)

    def _written(self) -> int:
        """Return the highest number that was written to the anchor, as is told."""
        known = AuditAnchor.objects.using(self.using).filter(name=self.anchor.name)
        return known.values_list("number", flat=True).first() or 0

    def _tell_behind(self, findings: Findings, written: int) -> None:
        highest = max(self._held.highest, self.first - 1)
        rows = AuditCheckpoint.objects.using(self.using)
        lacking = rows.filter(number__gt=highest).order_by("number").first()
        if lacking is None:
            return
        was_written = written > highest
        if not was_written and _age(lacking.at) <= GRACE_SECONDS:
            return
        if was_written:
            text = _(
                "The anchor was cut: checkpoints from %(number)d on were written to it "
                "and are gone, so that it cannot witness them."
            )
        else:
            text = _(
                "The anchor lacks the checkpoints from %(number)d on: it was cut, or "
                "nothing reaches it, so that it cannot witness them."
            )
        number = lacking.number
        self._found(findings, Kind.ANCHOR_BEHIND, text % {"number": number}, number)

    def _found(
        self,
        findings: Findings,
        kind: Kind,
        sentence: str,
        number: int | None = None,
        record_id: int | None = None,
    ) -> None:
        name = self.anchor.name
        findings.add(Finding(kind, sentence, number, record_id, name))


def _keep_ends(kept: list[Any], one: Any) -> None:
    """Keep the first two and the last of many."""
    if len(kept) > 2:
        kept.pop()
    kept.append(one)


def _age(at: datetime) -> float:
    """Return how many seconds ago something was, by a column that the chain holds."""
    moment = now()
    return moment.timestamp() - at.timestamp()
