"""
What can go wrong with the rules.

    JtsecError
    └── Refused
        └── WatcherBusy    another process is reading the log just now
"""

from __future__ import annotations

from jtsec.core.exceptions import Refused


class WatcherBusy(Refused):
    """Says that another watcher has the cursor, or was faster."""
