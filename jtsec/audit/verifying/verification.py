"""One verification from its beginning to its report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from jtsec.audit.sealing.api import Anchor, last_checkpoint
from jtsec.audit.sealing.body import LARGEST_ID

from .anchoring import Comparison
from .archived import Dropped, check_files, dropped_ranges
from .chain import Link, link_before
from .copies import name_copies
from .examining import fault_finding
from .finding import Finding, Findings, Kind, Report
from .processes import bounds, walk_all
from .rows import Examiner
from .scope import Scope
from .strays import Stray
from .tail import Tail
from .traces import highest_told
from .trust import Trust
from .walking import Part, Progress, Walked

CUT: Final = frozenset({Kind.CUT_TAIL, Kind.REPLAYED})


@dataclass
class Verification:
    """
    One verification on its way; the steps are called in the order they stand.

    Args:
        using: the alias of the database.
        trust: the keys that are believed.
        has_ring: whether the key ring may be asked.
        deep: whether to hold every row against its check value and its columns.
        scope: the checkpoints it is about.
    """

    using: str
    trust: Trust
    has_ring: bool
    deep: bool
    scope: Scope
    findings: Findings = field(default_factory=Findings)
    checkpoints: int = 0
    rows: int = 0
    waiting: dict[int, Stray] = field(default_factory=dict)
    dropped: tuple[Dropped, ...] = ()
    unsealed: int = 0
    end: Link = field(default_factory=Link)

    def walk(self, processes: int, progress: Progress | None) -> None:
        """Walk all parts, once more where rows left for the archive or came back."""
        while True:
            self._start_anew()
            self._walk_parts(processes, progress)
            if self.dropped == dropped_ranges():
                return

    def _start_anew(self) -> None:
        self.findings, self.waiting = Findings(), {}
        # A part behind the newest checkpoint has none: it ends where the log does.
        self.end = link_before(self.using, self.scope.first)
        self.checkpoints = self.rows = 0
        self.dropped = dropped_ranges()

    def _walk_parts(self, processes: int, progress: Progress | None) -> None:
        """Walk every part and hold the seams between them."""
        pems = self.trust.pems()
        gone = tuple((one.first, one.last) for one in self.dropped)
        parts = [
            Part(self.using, low, high, pems, self.deep, self.has_ring, gone)
            for low, high in bounds(self.using, self.scope.first, self.scope.last)
        ]
        end: Link | None = None
        unproved: int | None = None
        for walked in walk_all(parts, processes, progress):
            self._hold_seam(end, walked)
            self._join(walked)
            if walked.has_proof:
                unproved = walked.unproved_from
            else:
                unproved = unproved or walked.unproved_from
            end = self.end = walked.end
        if unproved is not None:
            self.findings.add(_unproved(unproved, is_whole=self.scope.is_to_end))

    def look_into_archive(self) -> None:
        """Have the files checked that hold rows of the range."""
        files = [
            one
            for one in self.dropped
            if one.first <= self.scope.last and one.last >= self.scope.first
        ]
        pems = None if self.has_ring else self.trust.pems()
        deep = self.deep and self.has_ring
        check_files(files, self.findings, deep=deep, pems=pems)

    def _join(self, walked: Walked) -> None:
        self.findings.take(walked.findings)
        self.checkpoints += walked.checkpoints
        self.rows += walked.rows
        for one in walked.fetched:
            stray = self.waiting.pop(one, None)
            if stray is not None and stray.fault is not None:
                self.findings.add(fault_finding(one, stray.fault))
        self.waiting.update(walked.waiting)

    def _hold_seam(self, end: Link | None, walked: Walked) -> None:
        if end is None or end == walked.start:
            return
        # Only one who changes the table between two reads gets here.
        number = walked.start.number
        text = _("Checkpoint %(number)d was changed while it was verified.")
        self.findings.add(Finding(Kind.CHAIN_BROKEN, text % {"number": number}, number))

    def look_at_tail(self) -> None:
        """Judge what no checkpoint names."""
        examiner = Examiner(has_ring=self.has_ring) if self.deep else None
        tail = Tail(self.using, examiner, self.findings)
        self.unsealed = tail.strays(self.waiting, self.scope.last)
        if self.scope.is_to_end:
            self.unsealed += tail.unsealed(self.end)
        if self.deep and self.scope.is_whole:
            name_copies(self.using, self.findings)

    def compare(self, anchors: Sequence[Anchor]) -> None:
        """Compare with the anchors."""
        scope = self.scope
        last = None if scope.is_to_end else scope.last
        for anchor in anchors:
            comparison = Comparison(anchor, self.using, self.trust, scope.first, last)
            comparison.make(self.findings)
        if scope.is_to_end and not self.findings.counts.keys() & CUT:
            self._find_traces()

    def _find_traces(self) -> None:
        """Tell of an end that is gone and was forgotten where sealing stands."""
        # Told first, and looked for afterwards: a sealer may be at work.
        told = highest_told(self.using)
        newest = last_checkpoint()
        end = newest.number if newest else 0
        if told > end:
            text = _(
                "The log ends with checkpoint %(end)d, but up to %(told)d were made: "
                "the end was removed."
            )
            sentence = text % {"end": end, "told": told}
            self.findings.add(Finding(Kind.CUT_TAIL, sentence, end + 1))

    def report(self, anchors: Sequence[Anchor], seconds: float) -> Report:
        """Return what was found."""
        scope = self.scope
        return Report(
            findings=tuple(sorted(self.findings, key=_place_of)),
            counts=dict(self.findings.counts),
            checkpoints=self.checkpoints,
            rows=self.rows,
            unsealed=self.unsealed,
            first=scope.first if scope.last else None,
            last=scope.last or None,
            deep=self.deep,
            anchors=tuple(anchor.name for anchor in anchors),
            seconds=seconds,
        )


def _place_of(finding: Finding) -> tuple[int, int]:
    """Return what sorts findings as the log runs, the anchors' own at the end."""
    number = finding.checkpoint
    return (LARGEST_ID if number is None else number), finding.record_id or 0


def _unproved(number: int, *, is_whole: bool) -> Finding:
    if not is_whole:
        text = _("The key that signed checkpoint %(number)d is not at hand.")
        return Finding(Kind.KEY_MISSING, text % {"number": number}, number)
    text = _(
        "From checkpoint %(number)d on nothing is signed by a key that is believed: "
        "neither the one that was brought, nor one of the ring, nor one they announced."
    )
    return Finding(Kind.SIGNATURE_WRONG, text % {"number": number}, number)
