"""
The verbs of the archive.

    archive(until=…)                        # sealed months into signed files
    drop(reason=…)                          # what is older than the retention
    restore(name, reason=…)                 # back into the log, byte for byte
    for event in show(name, {"code": "authentication:*"}): ...
"""

from __future__ import annotations

from .archiving import archive
from .dropping import drop, may_go_after, oldest_to_stay
from .exceptions import (
    ArchiveFailed,
    NoArchiveFolder,
    SegmentAltered,
    SegmentUnreadable,
    TooYoung,
)
from .holdings import Holding, holdings
from .restoring import restore
from .segments import segments
from .showing import show

__all__ = [
    "ArchiveFailed",
    "Holding",
    "NoArchiveFolder",
    "SegmentAltered",
    "SegmentUnreadable",
    "TooYoung",
    "archive",
    "drop",
    "holdings",
    "may_go_after",
    "oldest_to_stay",
    "restore",
    "segments",
    "show",
]
