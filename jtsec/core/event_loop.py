"""Whether this thread runs an event loop, which nothing that waits may hold up."""

from __future__ import annotations

import asyncio


def is_in_event_loop() -> bool:
    """Answer whether an event loop runs in this thread; Django's databases refuse."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
