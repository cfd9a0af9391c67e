"""
Escalates and sends what is due after responses, where nobody runs a loop for it.

Sending has a thread of its own: a receiver that does not answer must not keep a worker
from its next request. At most one a process, and none where there is no receiver; then
only what is overdue is looked for, which is one short query a minute.
"""

from __future__ import annotations

import logging
from threading import Thread
from typing import Final

from jtsec.core.after_responses import after_responses
from jtsec.core.context import acting_as, system_actor
from jtsec.core.foreign_threads import leaves_no_connection

from . import channels
from .escalation import escalate_overdue
from .outbox import deliver_due

logger = logging.getLogger("jtsec.audit.alarms")

SENDING_SECONDS: Final = 5
ESCALATING_SECONDS: Final = 60


class Sending:
    """The thread of this process that sends, while there is one."""

    def __init__(self) -> None:
        self._thread: Thread | None = None

    def start(self) -> None:
        """Send, unless that goes on already."""
        # After a fork, the parent's thread is not alive here.
        if self._thread is not None and self._thread.is_alive():
            return
        self._thread = Thread(target=_send, name="jtsec-alarms", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait until the thread is done; for tests."""
        if self._thread is not None:
            self._thread.join()


SENDING: Final = Sending()


@after_responses(
    every=lambda: SENDING_SECONDS if _has_receivers() else ESCALATING_SECONDS,
    failure="overdue alarms could not be looked for after a response",
    logger=logger,
)
def look_after_response() -> None:
    """Do what is due."""
    if _has_receivers():
        SENDING.start()
    else:
        escalate_overdue()


def _has_receivers() -> bool:
    return next(channels.targets(), None) is not None


@leaves_no_connection
def _send() -> None:
    try:
        with acting_as(system_actor("jtsec_alarms")):
            escalate_overdue()
            deliver_due()
    # What failed is due still; the next turn, or the watch, finds it.
    except Exception:
        logger.exception("alarms could not be sent after a response")
