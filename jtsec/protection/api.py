"""
The verbs of protected data.

    with unverified(): ...          load broken rows, to look into what happened
"""

from __future__ import annotations

from .exceptions import (
    RootMissing,
    RowAltered,
    RowUnverifiable,
    SealedWriteRefused,
    TableAltered,
)
from .loading import unverified

__all__ = [
    "RootMissing",
    "RowAltered",
    "RowUnverifiable",
    "SealedWriteRefused",
    "TableAltered",
    "unverified",
]
