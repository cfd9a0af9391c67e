"""The token without which no identity is written (A3.1.4)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Final

from jtsec.core import guarding
from jtsec.core.guarding import DirectWrite

__all__ = ["GUARD", "DirectWrite", "is_writing", "writing"]

GUARD: Final = "identity"


def writing() -> AbstractContextManager[None]:
    """Allow writes inside the block; used by the verbs of this package alone."""
    return guarding.writing(GUARD)


def is_writing() -> bool:
    """Answer whether a verb of this package is at work."""
    return guarding.is_writing(GUARD)
