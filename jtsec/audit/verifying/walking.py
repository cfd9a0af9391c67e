"""
Walks a part of the log once: checkpoint by checkpoint, with the rows beside them.

The checkpoints of a leg are read and their chain is held; then the rows between their
first and last id run by, each checkpoint takes its own, and the root over their leaves
must be the one that was signed. What failed is looked at row by row when the leg is
over. Memory holds a leg of checkpoints and a piece of rows, however long the log is.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from django.db import connections
from django.utils.translation import gettext as _

from jtsec.audit.sealing.api import CheckpointBody, checkpoints_after
from jtsec.audit.sealing.models import AuditCheckpoint

from . import leaves
from .chain import Chain, Link, link_before
from .conf import verifying_settings
from .examining import Examination, fault_finding
from .feed import Feed, members_among
from .finding import Finding, Findings, Kind
from .folding import root_of
from .piece import Fault, Piece
from .rows import Examiner
from .strays import Stray, Strays, hours_between
from .trust import Trust

LEG: Final = 100
"""Checkpoints that are held in memory together."""

LOWEST: Final = -(2**63)
"""No row of ours has an id below 1; a stranger's may."""

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Part:
    """
    A part of the log, as it is told to another process.

    Args:
        using: the alias of the database.
        first: its first checkpoint.
        last: its last one.
        pems: the public keys that are believed.
        deep: whether to hold every row against its check value and its columns.
        has_ring: whether the key ring may be asked.
        dropped: checkpoints, as ranges of numbers, whose rows are archived and not in
            the table.
    """

    using: str
    first: int
    last: int
    pems: tuple[str, ...]
    deep: bool
    has_ring: bool
    dropped: tuple[tuple[int, int], ...] = ()


@dataclass
class Walked:
    """
    What a part gave.

    Args:
        start: the link it began behind, as the database has it.
        end: the link it ended with.
        findings: what was found.
        checkpoints: how many were followed.
        rows: how many sealed rows were held against them.
        waiting: rows in gaps that none of its checkpoints has taken.
        fetched: ids below the part that its checkpoints have taken late.
        unproved_from: since when no believed signature was seen; None: proved.
        has_proof: whether one was seen at all.
    """

    start: Link
    end: Link
    findings: Findings = field(default_factory=Findings)
    checkpoints: int = 0
    rows: int = 0
    waiting: dict[int, Stray] = field(default_factory=dict)
    fetched: set[int] = field(default_factory=set)
    unproved_from: int | None = None
    has_proof: bool = False


def walk(part: Part, progress: Progress | None = None) -> Walked:
    """
    Verify one part of the log.

    Raises:
        CannotVerify: a public key is none.
        django.db.Error: the database does not answer.
    """
    return _Walk(part, progress).go()


class _Walk:
    def __init__(self, part: Part, progress: Progress | None) -> None:
        self._part = part
        self._progress = progress or (lambda rows: None)
        start = link_before(part.using, part.first)
        self._walked = Walked(start, start)
        self._findings = self._walked.findings
        self._chain = Chain(Trust.of_pem(part.pems), self._findings, start)
        self._examiner = Examiner(has_ring=part.has_ring)
        self._low = start.last + 1 if start.number else LOWEST
        self._strays = Strays(part.using, self._low)

    def go(self) -> Walked:
        part, walked = self._part, self._walked
        if part.first <= 1:
            for one in _misnumbered(part.using):
                self._findings.add(one)
        stored = checkpoints_after(part.first - 1, until=part.last)
        while leg := list(islice(stored, LEG)):
            self._leg(leg)
            walked.checkpoints += len(leg)
        walked.end = self._chain.link
        walked.waiting = self._strays.waiting
        walked.fetched = self._strays.fetched
        walked.unproved_from = self._chain.unproved_from
        walked.has_proof = self._chain.has_proof
        return walked

    def _leg(self, leg: list[AuditCheckpoint]) -> None:
        before = self._chain.link
        followed: list[tuple[Link, CheckpointBody | None]] = []
        for stored in leg:
            link = self._chain.link
            followed.append((link, self._chain.follow(stored)))
        bodies = [body for _link, body in followed if body is not None]
        for body in bodies:
            self._strays.fetch(body.late)
        failed: list[Examination] = []
        low = before.last + 1 if before.number else LOWEST
        with closing(self._pieces(low, self._chain.link.last)) as pieces:
            feed = Feed(pieces)
            for link, said in followed:
                # One that claims what another one holds was reported by the chain.
                if said is not None and said.first > link.last:
                    failed += self._hold(link, said, feed)
            self._uncovered(feed.take(self._chain.link.last))
        for examination in failed:
            examination.name_rows(self._examiner, self._part.using, self._findings)
        Examination.name_exchanged(failed, self._part.using, self._findings)

    def _pieces(self, low: int, high: int) -> Generator[Piece]:
        part = self._part
        if part.deep:
            source = self._examiner.read(part.using, low, high)
        else:
            source = leaves.read(connections[part.using], low, high)
        with closing(source):
            for piece in source:
                self._progress(len(piece.ids))
                yield piece

    def _hold(
        self, before: Link, body: CheckpointBody, feed: Feed
    ) -> Iterator[Examination]:
        """Hold the rows of a checkpoint against it; yield it when they fail."""
        if body.number == 1:
            self._strangers(feed.take(0))
        # Left over where the checkpoint before is missing, or cannot be read.
        self._uncovered(feed.take(body.first - 1))
        rows = feed.take(body.last)
        members = members_among(body, rows)
        for record_id, leaf in members.strays:
            fault = rows.faults.pop(record_id, None)
            self._strays.waiting[record_id] = Stray(leaf, body.number, body.at, fault)
        if any(low <= body.number <= high for low, high in self._part.dropped):
            self._hold_dropped(body, members.ids)
            return
        late, missing = self._late(before, body, rows.faults)
        missing += members.missing
        for low, high in missing:
            self._findings.add(_missing(body, low, high))
        held = late + members.leaves if late else members.leaves
        self._walked.rows += len(held)
        is_whole = not missing and root_of(held) == body.root  # no secret
        if not is_whole or rows.faults:
            yield Examination(
                body,
                has_all=not missing,
                is_whole=is_whole,
                faults=rows.faults if self._part.deep else None,
            )

    def _late(
        self, before: Link, body: CheckpointBody, faults: dict[int, Fault]
    ) -> tuple[list[bytes], list[tuple[int, int]]]:
        """Return the leaves of the late members, and which of them are missing."""
        found: list[bytes] = []
        missing: list[tuple[int, int]] = []
        longest = verifying_settings().late_hours
        for record_id, stray in self._strays.claim(body.late):
            if stray is None:
                missing.append((record_id, record_id))
                continue
            found.append(stray.leaf)
            if stray.fault is not None:
                faults[record_id] = stray.fault
            if hours_between(stray.since, before.at) > longest:
                self._findings.add(_too_late(body, record_id, stray))
        return found, missing

    def _hold_dropped(self, body: CheckpointBody, here: Iterable[int]) -> None:
        """Find rows in the table that are said to be in a file alone."""
        late = self._strays.claim(body.late)
        back = (record_id for record_id, stray in late if stray is not None)
        for record_id in (*back, *here):
            text = _("Record %(record)d stands in the table though it was archived.")
            sentence = text % {"record": record_id}
            found = Finding(Kind.ADDED, sentence, body.number, record_id)
            self._findings.add(found)
        self._walked.rows += body.count

    def _strangers(self, rows: Piece) -> None:
        """Take rows that stand below the first number that was ever given out."""
        for record_id, leaf in zip(rows.ids, rows.leaves, strict=True):
            self._strays.waiting[record_id] = Stray(leaf)

    def _uncovered(self, rows: Piece) -> None:
        """Take rows whose checkpoint is missing or unreadable; they tell themselves."""
        for record_id, fault in rows.faults.items():
            self._findings.add(fault_finding(record_id, fault))


def _misnumbered(using: str) -> Iterator[Finding]:
    """Yield checkpoints under numbers that are never given out."""
    rows = AuditCheckpoint.objects.using(using).filter(number__lt=1)
    for number in rows.values_list("number", flat=True)[:LEG]:
        text = _("Checkpoint %(number)d stands where the log has not begun.")
        sentence = text % {"number": number}
        yield Finding(Kind.CHECKPOINT_ALTERED, sentence, number)


def _missing(body: CheckpointBody, low: int, high: int) -> Finding:
    if low == high:
        text = _("Record %(low)d of checkpoint %(number)d is missing.")
    else:
        text = _("Records %(low)d to %(high)d of checkpoint %(number)d are missing.")
    sentence = text % {"low": low, "high": high, "number": body.number}
    return Finding(Kind.MISSING, sentence, body.number, low)


def _too_late(body: CheckpointBody, record_id: int, stray: Stray) -> Finding:
    text = _(
        "Record %(record)d was put into a gap of checkpoint %(gap)d long after it "
        "could have been written there, and sealed by checkpoint %(number)d."
    )
    values = {"record": record_id, "gap": stray.checkpoint or 0, "number": body.number}
    return Finding(Kind.ADDED, text % values, body.number, record_id)
