"""UIDs, as they are given out at a registration; a function that migrations name."""

from __future__ import annotations

import uuid

from jtsec.core.clock import now
from jtsec.core.identifiers import uuid7


def new_uid() -> uuid.UUID:
    """Return a UID nobody had."""
    return uuid7(now())
