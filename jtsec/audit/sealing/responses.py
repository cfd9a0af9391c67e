"""
Sealing after responses: when it is due, in the process that has just answered.

So a log is sealed wherever requests are answered, without a job of its own. The client
has its answer by then. Whoever wants a bound also for the last record before a quiet
hour runs `jtsec_audit_seal --loop`.
"""

from __future__ import annotations

import logging
from threading import Lock
from typing import Any, Final

from django.db import connections

from jtsec.core.clock import elapsed
from jtsec.core.event_loop import is_in_event_loop
from jtsec.core.foreign_threads import leaves_no_connection

from .conf import sealing_settings
from .passes import seal_now
from .reading import alias

MOST: Final = 2
"""Checkpoints after one response; the thread is wanted for the next request."""

logger = logging.getLogger("jtsec.audit")


class _Due:
    """When this process seals next."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._at: float | None = None

    def claim(self, seconds: float) -> bool:
        """Answer whether it is due, once; then it is again after so many seconds."""
        moment = elapsed()
        with self._lock:
            if self._at is not None and moment < self._at:
                return False
            is_first = self._at is None
            self._at = moment + seconds
            return not is_first


_due: Final = _Due()


@leaves_no_connection
def seal_when_due(**kwargs: Any) -> None:
    """
    Seal, if this process has not for `JTSEC_AUDIT_SEAL_SECONDS`; never raises.

    Receives `request_finished`. Inside of a transaction, as in a TestCase, or on an
    event loop, it does nothing.
    """
    try:
        if not _due.claim(sealing_settings().seconds):
            return
        if connections[alias()].in_atomic_block or is_in_event_loop():
            return
        seal_now(MOST)
    # The response is gone, so there is nobody to tell but the log and the alarm.
    except Exception:
        logger.exception("sealing after a response failed; the records wait")
