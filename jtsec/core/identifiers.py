"""
Identifiers that sort by the time they were given out: UUIDs of version 7 (RFC 9562).

Python 3.11 to 3.13 cannot make them; this is the layout and nothing more.
"""

from __future__ import annotations

from datetime import datetime
from secrets import randbits
from uuid import UUID

from .clock import now

_VERSION_AND_VARIANT = 0x7 << 76 | 0b10 << 62


def uuid7(at: datetime) -> UUID:
    """
    Return a fresh identifier: 48 bits of milliseconds, 74 bits of chance.

    An index over them grows at its end.

    Args:
        at: an aware datetime.
    """
    milliseconds = int(at.timestamp() * 1000) & (1 << 48) - 1
    random = randbits(74)
    return UUID(
        int=milliseconds << 80
        | _VERSION_AND_VARIANT
        | (random >> 62) << 64
        | random & (1 << 62) - 1
    )


def new_id() -> UUID:
    """Return an identifier for a row made now; a function that migrations name."""
    return uuid7(now())
