"""
What a verification says: findings, each with its place, and the report over all.

Two verdicts that are never mixed up. *False*: the log is not what was written, which is
evidence. *Unknown*: nothing can be said, because a key, an anchor or the sealing is
missing, which is a fault of the system.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, Final

from django.utils.translation import gettext as _


class Kind(StrEnum):
    """What was found; the values are stable."""

    ALTERED = "altered"
    """The content, the check value or the key of a sealed row is another one."""
    MISSING = "missing"
    """A sealed row is gone."""
    ADDED = "added"
    """A row stands where none was written, or a second time."""
    REORDERED = "reordered"
    """Two sealed rows have changed places."""
    COLUMN_ALTERED = "column-altered"
    """A column differs from the content of its row."""
    MAC_WRONG = "mac-wrong"
    """A row that is not sealed yet has a wrong check value."""
    CHECKPOINT_MISSING = "checkpoint-missing"
    CHECKPOINT_ALTERED = "checkpoint-altered"
    CHAIN_BROKEN = "chain-broken"
    """A checkpoint does not follow on the one before it."""
    SIGNATURE_WRONG = "signature-wrong"
    CUT_TAIL = "cut-tail"
    """The newest checkpoints, which an anchor knows, are gone."""
    REPLAYED = "replayed"
    """So is every trace of them: the database is from an earlier time."""
    ANCHOR_MISMATCH = "anchor-mismatch"
    """An anchor knows another checkpoint of the same number."""
    ANCHOR_ALTERED = "anchor-altered"
    """An anchor is not what was written to it."""
    ANCHOR_BEHIND = "anchor-behind"
    """An anchor ends early: it was cut, or nothing reaches it any more."""
    ANCHOR_UNREADABLE = "anchor-unreadable"
    UNSEALED_TOO_OLD = "unsealed-too-old"
    """Rows wait for their seal for too long; nothing proves them meanwhile."""
    ARCHIVE_ALTERED = "archive-altered"
    """A file with archived rows is not what was sealed."""
    ARCHIVE_UNREADABLE = "archive-unreadable"
    """A file with archived rows is not there, or its key is not."""
    KEY_MISSING = "key-missing"
    """A key is not at hand, or a row's format is not known here."""


UNKNOWN: Final = frozenset(
    {
        Kind.ANCHOR_BEHIND,
        Kind.ANCHOR_UNREADABLE,
        Kind.ARCHIVE_UNREADABLE,
        Kind.UNSEALED_TOO_OLD,
        Kind.KEY_MISSING,
    }
)
"""Kinds that say nothing about the log; all others say that it is false."""

KEPT_OF_A_KIND: Final = 200
"""Findings of one kind that are kept; the others are counted."""


class Exit(IntEnum):
    """Exit codes of the command, stable."""

    WHOLE = 0
    FALSE = 1
    UNKNOWN = 2
    FAILED = 3


@dataclass(frozen=True)
class Finding:
    """
    One thing that is not as it should be.

    Args:
        kind: what.
        sentence: the same for people, in the language of the moment.
        checkpoint: the checkpoint concerned, None where there is none.
        record_id: the row concerned, the first of several; None where there is none.
        anchor: the anchor concerned, "" where there is none.
    """

    kind: Kind
    sentence: str
    checkpoint: int | None = None
    record_id: int | None = None
    anchor: str = ""

    @property
    def is_false(self) -> bool:
        """Answer whether this is evidence, and not a fault of the system."""
        return self.kind not in UNKNOWN

    @property
    def place(self) -> str:
        """Return where it is, in words."""
        parts = []
        if self.anchor:
            parts.append(_("anchor %(name)s") % {"name": self.anchor})
        if self.checkpoint is not None:
            parts.append(_("checkpoint %(number)d") % {"number": self.checkpoint})
        if self.record_id is not None:
            parts.append(_("record %(number)d") % {"number": self.record_id})
        return ", ".join(parts)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"kind": self.kind.value, "place": self.place} | {
            name: value for name, value in asdict(self).items() if name != "kind"
        }


@dataclass
class Findings:
    """Findings as they come in; of each kind the first ones are kept."""

    kept: list[Finding] = field(default_factory=list)
    counts: dict[Kind, int] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        """Take one."""
        count = self.counts.get(finding.kind, 0) + 1
        self.counts[finding.kind] = count
        # A database that was emptied has a finding a row; the first ones tell it.
        if count <= KEPT_OF_A_KIND:
            self.kept.append(finding)

    def take(self, other: Findings) -> None:
        """Take what another part of the log gave."""
        for kind, count in other.counts.items():
            room = KEPT_OF_A_KIND - self.counts.get(kind, 0)
            self.counts[kind] = self.counts.get(kind, 0) + count
            of_kind = [one for one in other.kept if one.kind is kind]
            self.kept += of_kind[: max(room, 0)]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.kept)

    def __len__(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Report:
    """
    What a verification found.

    Args:
        findings: in the order of the log, of each kind the first ones.
        counts: how many of each kind there are.
        checkpoints: how many were verified.
        rows: how many sealed rows were verified.
        unsealed: how many rows wait for their seal.
        first: the first checkpoint that was verified, None where there is none.
        last: the last one.
        deep: whether check values and columns were verified too.
        anchors: the anchors that were compared.
        seconds: how long it took.
    """

    findings: tuple[Finding, ...]
    counts: dict[Kind, int]
    checkpoints: int
    rows: int
    unsealed: int
    first: int | None
    last: int | None
    deep: bool
    anchors: tuple[str, ...]
    seconds: float

    @property
    def rate(self) -> float:
        """Return rows a second."""
        return (self.rows + self.unsealed) / self.seconds if self.seconds else 0.0

    @property
    def exit_code(self) -> Exit:
        """Return what the command ends with: evidence outweighs a fault."""
        if any(kind not in UNKNOWN for kind in self.counts):
            return Exit.FALSE
        return Exit.UNKNOWN if self.counts else Exit.WHOLE

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "verdict": {
                Exit.WHOLE: "whole",
                Exit.FALSE: "false",
                Exit.UNKNOWN: "unknown",
            }[self.exit_code],
            "findings": [one.as_dict() for one in self.findings],
            "counts": {kind.value: count for kind, count in self.counts.items()},
            "checkpoints": self.checkpoints,
            "rows": self.rows,
            "unsealed": self.unsealed,
            "first": self.first,
            "last": self.last,
            "deep": self.deep,
            "anchors": list(self.anchors),
            "seconds": round(self.seconds, 3),
            "rate": round(self.rate),
        }
