"""
Looks at the log after a response, when it is time: so a project needs no extra process.

At most once every few seconds in each process, with two short queries where there is
nothing new, and never inside a transaction. What fails is tried again the next time.
"""

from __future__ import annotations

import logging
from threading import Lock
from typing import Any

from django.db import connections, router

from jtsec.audit.models import AuditRecord
from jtsec.core.clock import elapsed
from jtsec.core.event_loop import is_in_event_loop
from jtsec.core.foreign_threads import leaves_no_connection

from .conf import rule_settings
from .exceptions import WatcherBusy
from .watching import lag, watch

logger = logging.getLogger("jtsec.audit")

_looking = Lock()
_looked_at: list[float] = []


@leaves_no_connection
def watch_when_due(**kwargs: Any) -> None:
    """Look at what is new; a receiver of Django's `request_finished`."""
    if not _looking.acquire(blocking=False):
        return
    try:
        if _is_time():
            _look()
    # Another one is looking; what it sees this one need not.
    except WatcherBusy:
        pass
    # The response is out; whatever is wrong here must not take the worker with it.
    except Exception:
        logger.exception("the rules could not look at the log")
    finally:
        _looking.release()


def forget_time() -> None:
    """Let the next response begin anew; for tests."""
    _looked_at.clear()


def _is_time() -> bool:
    if connections[_alias()].in_atomic_block or is_in_event_loop():
        return False
    at = elapsed()
    if not _looked_at:
        # The first response of a process is somebody's; a later one may look.
        _looked_at.append(at)
        return False
    if at - _looked_at[0] < rule_settings().seconds:
        return False
    _looked_at[0] = at
    return True


def _look() -> None:
    if lag() > 0:
        watch(rule_settings().batch)


def _alias() -> str:
    return router.db_for_write(AuditRecord)
