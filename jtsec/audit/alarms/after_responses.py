"""
Escalates and sends what is due after responses, where nobody runs a loop for it.

Sending has a thread of its own: a receiver that does not answer must not keep a worker
from its next request. At most one a process, and none where there is no receiver; then
only what is overdue is looked for, which is one short query a minute.
"""

from __future__ import annotations

import logging
from threading import Lock, Thread
from typing import Any, Final

from django.db import connections, router

from jtsec.core.clock import elapsed
from jtsec.core.context import acting_as, system_actor
from jtsec.core.event_loop import is_in_event_loop
from jtsec.core.foreign_threads import leaves_no_connection

from . import channels
from .escalation import escalate_overdue
from .models import AlarmDelivery
from .outbox import deliver_due

logger = logging.getLogger("jtsec.audit.alarms")

SENDING_SECONDS: Final = 5
ESCALATING_SECONDS: Final = 60


class Turn:
    """When this process last did its part, and whether it is still at it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._thread: Thread | None = None
        self._last: float | None = None

    def is_mine(self, pause: float) -> bool:
        """
        Answer whether it is time, and take the turn.

        The first response of a process is somebody's; a later one may look.
        """
        with self._lock:
            at, last = elapsed(), self._last
            # After a fork, the parent's thread is not alive here.
            is_busy = self._thread is not None and self._thread.is_alive()
            if is_busy or (last is not None and at - last < pause):
                return False
            self._last = at
            return last is not None

    def start(self) -> None:
        """Send in a thread."""
        self._thread = Thread(target=_send, name="jtsec-alarms", daemon=True)
        self._thread.start()

    def come(self) -> None:
        """Let the next response have its turn; for tests."""
        self._last = float("-inf")

    def wait(self) -> None:
        """Wait until the thread is done; for tests."""
        if self._thread is not None:
            self._thread.join()


TURN: Final = Turn()


@leaves_no_connection
def look_after_response(**kwargs: Any) -> None:
    """Do what is due; a receiver of Django's `request_finished`."""
    # A thread sees nothing of this transaction; the one around a test never ends.
    is_in_one = connections[router.db_for_write(AlarmDelivery)].in_atomic_block
    if is_in_one or is_in_event_loop():
        return
    try:
        has_receivers = next(channels.targets(), None) is not None
        if not TURN.is_mine(SENDING_SECONDS if has_receivers else ESCALATING_SECONDS):
            return
        if has_receivers:
            TURN.start()
        else:
            escalate_overdue()
    # The response is out; whatever is wrong here must not take the worker with it.
    except Exception:
        logger.exception("overdue alarms could not be looked for after a response")


def _send() -> None:
    try:
        with acting_as(system_actor("jtsec_alarms")):
            escalate_overdue()
            deliver_due()
    # What failed is due still; the next turn, or the watch, finds it.
    except Exception:
        logger.exception("alarms could not be sent after a response")
    finally:
        connections.close_all()
