"""
Sends what is due after responses, where nobody runs a loop for it.

In a thread of its own: a receiver that does not answer must not keep a worker from
its next request. At most one thread a process, and none where there is no receiver.
"""

from __future__ import annotations

import logging
from threading import Lock, Thread
from typing import Any, Final

from django.db import connections, router

from jtsec.core.clock import elapsed
from jtsec.core.context import acting_as, system_actor

from . import channels
from .escalation import escalate_overdue
from .models import AlarmDelivery
from .outbox import deliver_due

logger = logging.getLogger("jtsec.audit.alarms")

PAUSE_SECONDS: Final = 5


class _Turn:
    """When this process last looked, and whether it is still at it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._thread: Thread | None = None
        self._last = float("-inf")

    def take(self) -> None:
        """Start a thread, unless one runs or the last was a moment ago."""
        with self._lock:
            if elapsed() - self._last < PAUSE_SECONDS:
                return
            # After a fork, the parent's thread is not alive here.
            if self._thread is not None and self._thread.is_alive():
                return
            self._last = elapsed()
            self._thread = Thread(target=_work, name="jtsec-alarms", daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Wait until the thread is done; for tests."""
        if self._thread is not None:
            self._thread.join()


TURN: Final = _Turn()


def deliver_after_response(**kwargs: Any) -> None:
    """Send what is due; a receiver of Django's `request_finished`."""
    if next(channels.targets(), None) is None:
        return
    # A thread sees nothing of this transaction; the one around a test never ends.
    if connections[router.db_for_write(AlarmDelivery)].in_atomic_block:
        return
    TURN.take()


def _work() -> None:
    try:
        with acting_as(system_actor("jtsec_alarms")):
            escalate_overdue()
            deliver_due()
    # What failed is due still; the next turn, or the watch, finds it.
    except Exception:
        logger.exception("alarms could not be sent after a response")
    finally:
        connections.close_all()
