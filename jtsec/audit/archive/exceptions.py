"""
What can go wrong with the archive; in each case nothing was dropped.

    JtsecError
    ├── ConfigurationError
    │   └── NoArchiveFolder     no folder is named, or it cannot be used
    ├── Refused
    │   └── TooYoung            something is younger than the retention
    ├── CannotVerify
    │   └── SegmentUnreadable   a file is not there, or its key is not in the ring
    ├── VerifiedFalse
    │   └── SegmentAltered      a file, or the table beside it, is not what was sealed
    └── ArchiveFailed           a file could not be written
"""

from __future__ import annotations

from jtsec.core.exceptions import (
    CannotVerify,
    ConfigurationError,
    JtsecError,
    Refused,
    VerifiedFalse,
)


class NoArchiveFolder(ConfigurationError):
    """Says that there is no folder to archive into."""


class TooYoung(Refused):
    """Says that events must stay longer than they have (A5.9)."""

    def __init__(self, sentence: str) -> None:
        super().__init__("younger-than-retention", sentence)


class SegmentUnreadable(CannotVerify):
    """Says that nothing can be said about a segment: no file, or no key."""


class SegmentAltered(VerifiedFalse):
    """
    Says that a segment is not what was archived (A5.8, A5.9).

    Args:
        name: the file.
        what: what does not hold, in a few words.
    """

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")
        self.name = name
        self.what = what


class ArchiveFailed(JtsecError):
    """Says that a segment could not be written; nothing was recorded or dropped."""
