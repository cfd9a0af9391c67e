"""
The verbs of verification.

    report = verify()
    report.exit_code            0 whole, 1 verified false, 2 cannot say
    report.findings             what, where, in words

    verify(public_key=pem)      with nothing but a public key
    prove(event_id)             one event for a third party, see `jtsec.audit.proof`

It reads and never writes, and runs while writers and the sealer go on. What it holds
the log against was fixed when it began: the newest checkpoint of that moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from jtsec.audit.sealing.api import Anchor, last_checkpoint
from jtsec.audit.sealing.api import anchors as configured_anchors
from jtsec.audit.sealing.reading import alias
from jtsec.audit.sealing.syslog_anchor import SyslogAnchor
from jtsec.core.clock import elapsed
from jtsec.core.exceptions import CannotVerify

from .anchoring import Comparison
from .archived import Archive, Dropped, check_files, dropped_ranges, register_archive
from .chain import Link
from .copies import name_copies
from .finding import Exit, Finding, Findings, Kind, Report
from .key_changes import believe_announced
from .processes import bounds, walk_all
from .proving import Proof, first_public_key, prove
from .reporting import record_report
from .rows import Examiner
from .scope import Scope, scope_of
from .strays import Stray
from .tail import Tail
from .trust import Trust
from .walking import Part, Progress, Walked

__all__ = [
    "Archive",
    "CannotVerify",
    "Dropped",
    "Exit",
    "Finding",
    "Kind",
    "Progress",
    "Proof",
    "Report",
    "first_public_key",
    "prove",
    "record_report",
    "register_archive",
    "verify",
]


def verify(
    *,
    since: datetime | None = None,
    first: int | None = None,
    last: int | None = None,
    processes: int = 1,
    progress: Progress | None = None,
    deep: bool = True,
    anchors: bool | Sequence[Anchor] = True,
    public_key: str | bytes | None = None,
) -> Report:
    """
    Hold the log against its checkpoints, its keys and its anchors (A5.8).

    Args:
        since: only checkpoints made from then on; aware.
        first: only from the checkpoint on that covers this record.
        last: only up to the checkpoint that covers this record.
        processes: how many to share the work among.
        progress: is called with numbers of rows as they are done.
        deep: hold every row against its check value and its columns too; otherwise
            only against the seals, which is several times faster and proves as much
            of the sealed content.
        anchors: whether to compare with the anchors of the settings, or which.
        public_key: PEM of the key that is believed, instead of the key ring, which is
            then not touched; check values are left out.

    Raises:
        CannotVerify: no key is at hand, so that nothing could be said at all.
        ConfigurationError: an anchor's name is none.
        django.db.Error: the database does not answer.
    """
    begin = elapsed()
    using = alias()
    has_ring = public_key is None
    trust = Trust.of_ring() if public_key is None else Trust.of_pem([public_key])
    newest = last_checkpoint()
    scope = scope_of(using, newest, since=since, first=first, last=last)
    believe_announced(trust, using)
    work, end = _walked(using, trust, scope, processes, progress, deep, has_ring)
    work.look_into_archive(scope)
    unsealed = work.look_at_tail(scope, end)
    compared = work.compare(scope, _chosen(anchors))
    return Report(
        findings=tuple(work.findings),
        counts=dict(work.findings.counts),
        checkpoints=work.checkpoints,
        rows=work.rows,
        unsealed=unsealed,
        first=scope.first if scope.last else None,
        last=scope.last or None,
        deep=deep,
        anchors=tuple(compared),
        seconds=elapsed() - begin,
    )


def _walked(
    using: str,
    trust: Trust,
    scope: Scope,
    processes: int,
    progress: Progress | None,
    deep: bool,
    has_ring: bool,
) -> tuple[_Verification, Link]:
    """Walk the range, once more where rows left for the archive or came back."""
    while True:
        work = _Verification(using, trust, has_ring, deep=deep)
        end = work.walk(scope, processes, progress)
        if work.dropped == dropped_ranges():
            return work, end


@dataclass
class _Verification:
    """One verification on its way; the steps are called in the order they stand."""

    using: str
    trust: Trust
    has_ring: bool
    deep: bool
    findings: Findings = field(default_factory=Findings)
    checkpoints: int = 0
    rows: int = 0
    waiting: dict[int, Stray] = field(default_factory=dict)
    dropped: tuple[Dropped, ...] = field(default_factory=dropped_ranges)

    def walk(self, scope: Scope, processes: int, progress: Progress | None) -> Link:
        """Walk all parts, hold their seams, and return the last link."""
        pems = self.trust.pems()
        gone = tuple((one.first, one.last) for one in self.dropped)
        parts = [
            Part(self.using, low, high, pems, self.deep, self.has_ring, gone)
            for low, high in bounds(self.using, scope.first, scope.last)
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
            end = walked.end
        if unproved is not None:
            self.findings.add(_unproved(unproved, is_whole=scope.is_to_end))
        return end or Link()

    def look_into_archive(self, scope: Scope) -> None:
        """Have the files checked that hold rows of the range."""
        files = [
            one
            for one in self.dropped
            if one.first <= scope.last and one.last >= scope.first
        ]
        pems = None if self.has_ring else self.trust.pems()
        deep = self.deep and self.has_ring
        check_files(files, self.findings, deep=deep, pems=pems)

    def _join(self, walked: Walked) -> None:
        self.findings.take(walked.findings)
        self.checkpoints += walked.checkpoints
        self.rows += walked.rows
        for one in walked.fetched:
            self.waiting.pop(one, None)
        self.waiting.update(walked.waiting)

    def _hold_seam(self, end: Link | None, walked: Walked) -> None:
        if end is None or end == walked.start:
            return
        # Only one who changes the table between two reads gets here.
        number = walked.start.number
        text = _("Checkpoint %(number)d was changed while it was verified.")
        self.findings.add(Finding(Kind.CHAIN_BROKEN, text % {"number": number}, number))

    def look_at_tail(self, scope: Scope, end: Link) -> int:
        """Judge what no checkpoint names, and return how many rows wait."""
        examiner = Examiner(has_ring=self.has_ring) if self.deep else None
        tail = Tail(self.using, examiner, self.findings)
        count = tail.strays(self.waiting, scope.last)
        if scope.is_to_end:
            count += tail.unsealed(end)
        if self.deep and scope.is_whole:
            name_copies(self.using, self.findings)
        return count

    def compare(self, scope: Scope, anchors: Sequence[Anchor]) -> list[str]:
        """Compare with the anchors, and return the names of those."""
        last = None if scope.is_to_end else scope.last
        for anchor in anchors:
            Comparison(anchor, self.using, self.trust, scope.first, last).make(
                self.findings
            )
        return [anchor.name for anchor in anchors]


def _chosen(anchors: bool | Sequence[Anchor]) -> Sequence[Anchor]:
    if isinstance(anchors, bool):
        # A syslog service takes and never gives: who keeps its log compares it.
        return [
            anchor
            for anchor in (configured_anchors() if anchors else ())
            if not isinstance(anchor, SyslogAnchor)
        ]
    return anchors


def _unproved(number: int, *, is_whole: bool) -> Finding:
    if not is_whole:
        text = _("The key that signed checkpoint %(number)d is not at hand.")
        return Finding(Kind.KEY_MISSING, text % {"number": number}, number)
    text = _(
        "From checkpoint %(number)d on nothing is signed by a key that is believed: "
        "neither the one that was brought, nor one of the ring, nor one they announced."
    )
    return Finding(Kind.SIGNATURE_WRONG, text % {"number": number}, number)
