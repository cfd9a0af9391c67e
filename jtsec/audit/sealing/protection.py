"""The tables of sealing that the database itself refuses to change (A5.8)."""

from __future__ import annotations

from typing import Final

from jtsec.audit.triggers import Protected

CHECKPOINTS: Final = Protected(
    "jtsec_auditcheckpoint",
    key="number",
    key_type="bigint unsigned",
    unique=("number",),
)
ANCHOR_LINES: Final = Protected("jtsec_auditanchorline")
TABLES: Final = (CHECKPOINTS, ANCHOR_LINES)
