"""
The same sessions, read through Django's cache: it may be wrong for a few seconds only.

    SESSION_ENGINE = "jtsec.sessions.cached_engine"

The database stays the truth (see `acceleration`). What the cache says is used only
where it says that a session is alive; before a session is ended or refused, the
database is asked.
"""

from __future__ import annotations

from jtsec.core.clock import now

from .acceleration import copy_of, remember
from .endings import limit_passed
from .engine import SessionStore as DatabaseSessionStore
from .models import Session


class SessionStore(DatabaseSessionStore):
    """One session, its row remembered between requests."""

    reads_cache = True

    def _find(self) -> Session | None:
        copy = copy_of(self.digest)
        if copy is not None and limit_passed(copy, now()) is None:
            return copy
        row = super()._find()
        if row is not None and row.ended_at is None:
            remember(row)
        return row
