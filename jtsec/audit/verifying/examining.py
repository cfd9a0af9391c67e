"""
Looks row by row at the checkpoints that failed, so that the row is named.

The root says that something differs, and not what. A check value that does not fit
names the row. Where all fit, two rows may have changed places; where none did, somebody
who holds the key of the check values has rewritten a row, and only the signature tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from django.utils.translation import gettext as _

from jtsec.audit.sealing.api import CheckpointBody

from .finding import Finding, Findings, Kind
from .piece import Fault
from .reordering import exchanged_between, exchanged_within, stand_of
from .rows import Examiner

CHUNK: Final = 500
"""Ids of one statement; SQLite before 3.32 takes 999 parameters."""

PAIRS: Final = 6
"""Checkpoints among which a pair of exchanged rows is looked for."""


@dataclass
class Examination:
    """
    A checkpoint whose rows are not all as they were.

    Args:
        body: what the checkpoint says.
        has_all: whether every member is there.
        is_whole: whether the root is the signed one, so that no sealed byte differs.
        faults: what is wrong with its rows by themselves; None: not looked at yet.
        is_named: whether a finding tells what has happened.
    """

    body: CheckpointBody
    has_all: bool
    is_whole: bool
    faults: dict[int, Fault] | None = None
    is_named: bool = False

    def name_rows(self, examiner: Examiner, using: str, findings: Findings) -> None:
        """Add a finding for each row that is wrong by itself."""
        faults = self.faults
        if faults is None:
            faults = dict(self._look(examiner, using))
        by_kind: dict[Kind, list[int]] = {}
        for record_id, fault in sorted(faults.items()):
            by_kind.setdefault(fault.kind, []).append(record_id)
            if fault.kind is not Kind.KEY_MISSING:
                findings.add(self._finding(record_id, fault))
        unknown = by_kind.get(Kind.KEY_MISSING, [])
        self.is_named = self.is_whole or not self.has_all or Kind.ALTERED in by_kind
        if not self.is_named and unknown:
            # The name of the key is sealed too: it may be what was altered.
            self.is_named = True
            for record_id in unknown:
                findings.add(self._finding(record_id, faults[record_id]))
        elif unknown:
            findings.add(self._unknown(unknown, faults))

    @staticmethod
    def name_exchanged(
        failed: Sequence[Examination], using: str, findings: Findings
    ) -> None:
        """Add a finding for rows that have changed places, and for what is left."""
        unnamed = [one for one in failed if not one.is_named]
        for one in unnamed:
            stand = stand_of(one.body, using)
            if stand is not None and (pair := exchanged_within(stand)):
                one.is_named = True
                findings.add(_exchanged(pair, one.body, one.body))
        for one, two in combinations(unnamed[:PAIRS], 2):
            _name_exchanged_between(one, two, using, findings)
        for one in unnamed:
            if not one.is_named:
                findings.add(one.unnamed())

    def unnamed(self) -> Finding:
        """Return the finding where nothing tells which row it is."""
        text = _(
            "Among records %(first)d to %(last)d of checkpoint %(number)d one was "
            "altered: the root is not the signed one, and nothing in the rows tells "
            "which. Their check values fit, or could not be looked at without the key."
        )
        first, last = _ends(self.body)
        values = {"first": first, "last": last, "number": self.body.number}
        return Finding(Kind.ALTERED, text % values, self.body.number, None)

    def _look(self, examiner: Examiner, using: str) -> Iterator[tuple[int, Fault]]:
        body = self.body
        for piece in examiner.read(using, body.first, body.last):
            for record_id, fault in piece.faults.items():
                if body.has_member(record_id):
                    yield record_id, fault
        for start in range(0, len(body.late), CHUNK):
            some = list(body.late[start : start + CHUNK])
            yield from examiner.of_ids(using, some).faults.items()

    def _finding(self, record_id: int, fault: Fault) -> Finding:
        kind = fault.kind
        if kind is not Kind.COLUMN_ALTERED:
            # What was sealed is still there: then its check value was wrong before.
            kind = Kind.MAC_WRONG if self.is_whole else Kind.ALTERED
        text = _("Record %(record)d of checkpoint %(number)d: %(what)s.")
        number = self.body.number
        values = {"record": record_id, "number": number, "what": fault.sentence}
        return Finding(kind, text % values, number, record_id)

    def _unknown(self, ids: list[int], faults: dict[int, Fault]) -> Finding:
        text = _(
            "%(count)d records of checkpoint %(number)d could not be held against "
            "their check value, the first is %(record)d: %(what)s."
        )
        values = {
            "count": len(ids),
            "number": self.body.number,
            "record": ids[0],
            "what": faults[ids[0]].sentence,
        }
        return Finding(Kind.KEY_MISSING, text % values, self.body.number, ids[0])


def fault_finding(record_id: int, fault: Fault) -> Finding:
    """Return the finding of a row that no checkpoint at hand covers."""
    kind = Kind.MAC_WRONG if fault.kind is Kind.ALTERED else fault.kind
    text = _("Record %(record)d: %(what)s.")
    values = {"record": record_id, "what": fault.sentence}
    return Finding(kind, text % values, None, record_id)


def _name_exchanged_between(
    one: Examination, two: Examination, using: str, findings: Findings
) -> None:
    if one.is_named or two.is_named:
        return
    first, second = stand_of(one.body, using), stand_of(two.body, using)
    if first is None or second is None:
        return
    if pair := exchanged_between(first, second):
        one.is_named = two.is_named = True
        findings.add(_exchanged(pair, one.body, two.body))


def _exchanged(
    pair: tuple[int, int], first: CheckpointBody, second: CheckpointBody
) -> Finding:
    if first.number == second.number:
        text = _("Records %(one)d and %(two)d of checkpoint %(a)d have changed places.")
    else:
        text = _(
            "Records %(one)d of checkpoint %(a)d and %(two)d of checkpoint %(b)d have "
            "changed places."
        )
    one, two = pair
    values = {"one": one, "two": two, "a": first.number, "b": second.number}
    return Finding(Kind.REORDERED, text % values, first.number, one)


def _ends(body: CheckpointBody) -> tuple[int, int]:
    """Return the lowest and the highest id of the members."""
    lowest = body.late[0] if body.late else body.first
    return lowest, body.last if body.last >= body.first else body.late[-1]
