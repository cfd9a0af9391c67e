"""
UIDs: UUID version 7 (RFC 9562), so that they sort by the time they were given out.

Python 3.11 to 3.13 cannot make them; this is the layout and nothing more.
"""

from __future__ import annotations

import secrets
import uuid

from jtsec.core.clock import now


def new_uid() -> uuid.UUID:
    """Return a UID nobody had: 48 bits of milliseconds, 74 bits of chance."""
    milliseconds = int(now().timestamp() * 1000) & (1 << 48) - 1
    value = milliseconds << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return uuid.UUID(int=value)
