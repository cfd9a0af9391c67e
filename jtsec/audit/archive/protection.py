"""The tables of the archive that the database itself refuses to change (A5.8)."""

from __future__ import annotations

from typing import Final

from jtsec.audit.triggers import Protected

SEGMENTS: Final = Protected(
    "jtsec_auditsegment",
    unique=("id", "name", "first_checkpoint", "last_checkpoint"),
)
RANGES: Final = Protected(
    "jtsec_auditsegmentrange", unique=("id", "first_id", "last_id")
)
MOVES: Final = Protected("jtsec_auditsegmentmove")
TABLES: Final = (SEGMENTS, RANGES, MOVES)
