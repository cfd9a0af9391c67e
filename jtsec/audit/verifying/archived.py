"""
What the archive answers for: checkpoints whose rows left the table into a file.

The archive lies above this part and registers what can be asked of it. Without it no
row has any excuse for not being there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from jtsec.core.exceptions import CannotVerify, ConfigurationError, VerifiedFalse

from .finding import Finding, Findings, Kind


@dataclass(frozen=True)
class Dropped:
    """
    Successive checkpoints whose rows are in a file alone.

    Args:
        first: the first one.
        last: the last one.
        place: the file, for people.
    """

    first: int
    last: int
    place: str


class Archive(Protocol):
    """Answers for rows that are in files."""

    def dropped(self) -> Sequence[Dropped]:
        """Return what is in files alone, ascending and apart."""

    def check(
        self, dropped: Dropped, *, deep: bool, pems: Sequence[str] | None
    ) -> None:
        """
        Return if a file holds what its checkpoints seal.

        Args:
            dropped: one of those `dropped` returned.
            deep: every row; otherwise the digest and the signature of the file.
            pems: the public keys that are believed; None for the key ring.

        Raises:
            VerifiedFalse: it does not.
            CannotVerify, ConfigurationError: that cannot be said.
        """


class _Nothing:
    """An archive that never took a row."""

    def dropped(self) -> Sequence[Dropped]:
        return ()

    def check(
        self, dropped: Dropped, *, deep: bool, pems: Sequence[str] | None
    ) -> None:
        return


_archive: Archive = _Nothing()


def register_archive(archive: Archive) -> None:
    """Let the archive answer for what it took; called once, at start."""
    global _archive  # noqa: PLW0603 - the one seam between low and high
    _archive = archive


def dropped_ranges() -> tuple[Dropped, ...]:
    """Return what is in files alone at this moment."""
    return tuple(_archive.dropped())


def check_files(
    ranges: Sequence[Dropped],
    findings: Findings,
    *,
    deep: bool,
    pems: Sequence[str] | None,
) -> None:
    """Have every file checked, and add what was found."""
    for one in ranges:
        try:
            _archive.check(one, deep=deep, pems=pems)
        except VerifiedFalse as error:
            findings.add(_finding(Kind.ARCHIVE_ALTERED, one, error))
        except (CannotVerify, ConfigurationError) as error:
            findings.add(_finding(Kind.ARCHIVE_UNREADABLE, one, error))


def _finding(kind: Kind, dropped: Dropped, error: Exception) -> Finding:
    text = _("The rows of checkpoints %(first)d to %(last)d are archived: %(error)s")
    values = {"first": dropped.first, "last": dropped.last, "error": error}
    return Finding(kind, text % values, dropped.first)
