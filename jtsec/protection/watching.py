"""
A look at sealed rows after a response, when it is time.

So nobody has to load a broken row for it to be found, and a project needs no extra
process.
"""

from __future__ import annotations

import logging
from threading import Lock
from typing import Any, Final

from django.db import connections

from jtsec.audit.api import boundary
from jtsec.core.clock import elapsed
from jtsec.core.context import acting_as, system_actor
from jtsec.core.event_loop import is_in_event_loop
from jtsec.core.foreign_threads import leaves_no_connection

from .conf import protection_settings
from .rounds import Rounds

ACTOR: Final = system_actor("jtsec.protection.watching")

logger = logging.getLogger("jtsec.protection")


class Watch:
    """When this process looks next, and where it is."""

    def __init__(self) -> None:
        self._looking = Lock()
        self._at: float | None = None
        self._rounds = Rounds()

    def is_time(self, seconds: float) -> bool:
        """Answer whether a look is due, once; then it is again after so many."""
        moment = elapsed()
        if self._at is not None and moment - self._at < seconds:
            return False
        is_first, self._at = self._at is None, moment
        # The first response of a process is somebody's; a later one may look.
        return not is_first

    def look(self, rows: int) -> int:
        """Verify the next rows; return how many were found broken."""
        with acting_as(ACTOR), boundary():
            return self._rounds.look(rows)

    @leaves_no_connection
    def look_when_due(self, **kwargs: Any) -> None:
        """Look, if it is time; never raises. Receives `request_finished`."""
        if not self._looking.acquire(blocking=False):
            return
        try:
            chosen = protection_settings()
            if self.is_time(chosen.watch_seconds) and _may_look():
                self.look(chosen.watch_rows)
        # The response is out; whatever is wrong must not take the worker with it.
        except Exception:
            logger.exception("sealed rows could not be looked at")
        finally:
            self._looking.release()


WATCH: Final = Watch()


def _may_look() -> bool:
    """Answer whether nobody's transaction, and no event loop, is in the way."""
    if is_in_event_loop():
        return False
    return not any(connections[one].in_atomic_block for one in connections)
