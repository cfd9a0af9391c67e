"""
Work that is done once a response is out, by the process that has just answered.

So what has to be done every now and then needs no process of its own. The client has
its answer by then; but the thread is wanted for the next request, Django has closed
its connections already, and nobody is left who could be told of a failure.
"""

from __future__ import annotations

from collections.abc import Callable
from logging import Logger
from threading import Lock

from django.db import connections

from .clock import elapsed
from .event_loop import is_in_event_loop
from .foreign_threads import leaves_no_connection

Work = Callable[[], object]


class AfterResponses:
    """
    Work that a process does when it is due: a receiver of `request_finished`.

    Never twice at once in a process, never on an event loop, never inside of a
    transaction. It leaves no connection behind. What fails is logged, never raised,
    and tried again when it is due again.
    """

    def __init__(
        self, work: Work, *, every: Callable[[], float], failure: str, logger: Logger
    ) -> None:
        self._work = leaves_no_connection(work)
        self._every = every
        self._failure = failure
        self._logger = logger
        self._turn = Lock()
        self._last: float | None = None

    def __call__(self, **kwargs: object) -> None:
        """Do the work, if it is due and nothing is in the way; never raise."""
        # Who finds another thread at it goes on to the next request: nobody waits.
        if not self._turn.acquire(blocking=False):
            return
        try:
            if _is_free() and self._is_due():
                self._work()
        # Whatever is wrong here must not take the worker with it.
        except Exception:
            self._logger.exception(self._failure)
        finally:
            self._turn.release()

    def come_due(self) -> None:
        """Let the next response do the work; for tests."""
        self._last = float("-inf")

    def begin_anew(self) -> None:
        """Forget what this process has answered; for tests."""
        self._last = None

    def _is_due(self) -> bool:
        at, last = elapsed(), self._last
        if last is not None and at - last < self._every():
            return False
        self._last = at
        # The first response of a process is somebody's; a later one may do it.
        return last is not None


def after_responses(
    *, every: Callable[[], float], failure: str, logger: Logger
) -> Callable[[Work], AfterResponses]:
    """
    Make a function the work that is done after responses; wiring connects it.

    Args:
        every: returns the seconds from one time to the next, in each process; asked
            at every response.
        failure: what the log says when the work fails.
        logger: where it says so.

    Returns:
        What takes the function's place; called, it does the work if it is due.
    """
    return lambda work: AfterResponses(
        work, every=every, failure=failure, logger=logger
    )


def _is_free() -> bool:
    """
    Answer whether this thread has no event loop and no transaction.

    What waits would hold up everybody on the loop. In a transaction nothing is certain
    yet, and what is done could be rolled back; the one around a test never ends.
    """
    if is_in_event_loop():
        return False
    made = connections.all(initialized_only=True)
    return not any(one.in_atomic_block for one in made)
