"""
Alarms once a day while a password of a database is overdue; after a response.

There is no event when time passes: somebody has to look. Each process looks once an
hour, which reads the store and, where nothing is overdue, no database.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Lock
from typing import Any, Final

from django.db import connections, router
from django.db.models import Q

from jtsec.audit.alarms.api import Alarm, raise_alarm
from jtsec.audit.events import Severity
from jtsec.core.clock import elapsed, now
from jtsec.core.context import acting_as, system_actor
from jtsec.core.event_loop import is_in_event_loop
from jtsec.core.foreign_threads import leaves_no_connection

from .password_age import PasswordAge, overdue

logger = logging.getLogger("jtsec.secrets")

RULE: Final = "secrets:database-password:overdue"
UNKNOWN_AGE: Final = "secrets:database-password:unknown-age"
LOOKING_SECONDS: Final = 3600
AGAIN: Final = timedelta(days=1)


class Turn:
    """When this process looked last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: float | None = None

    def is_mine(self) -> bool:
        """Answer whether it is time; the first response of a process is somebody's."""
        with self._lock:
            at, last = elapsed(), self._last
            if last is not None and at - last < LOOKING_SECONDS:
                return False
            self._last = at
            return last is not None

    def come(self) -> None:
        """Let the next response have its turn; for tests."""
        self._last = float("-inf")


TURN: Final = Turn()


@leaves_no_connection
def look_after_response(**kwargs: Any) -> None:
    """Raise what is due; a receiver of Django's `request_finished`."""
    if connections[router.db_for_write(Alarm)].in_atomic_block or is_in_event_loop():
        return
    try:
        if TURN.is_mine():
            raise_overdue()
    # The response is out; whatever is wrong here must not take the worker with it.
    except Exception:
        logger.exception("the age of the database's password could not be looked at")


def raise_overdue() -> int:
    """
    Raise an alarm for each password that is overdue, unless one of today tells of it.

    Returns:
        How many were raised.

    Raises:
        AuditUnavailable, django.db.Error: nothing was raised.
    """
    due = [one for one in overdue() if not _is_told(one)]
    with acting_as(system_actor("jtsec_secrets")):
        for one in due:
            raise_alarm(
                _rule_of(one),
                severity=Severity.ALARM,
                key=one.alias,
                resource=f"database:{one.alias}",
                params={"alias": one.alias, "user": one.user, "days": one.days},
            )
    return len(due)


def _is_told(one: PasswordAge) -> bool:
    rows = Alarm.objects.using(router.db_for_write(Alarm))
    told = Q(fingerprint__isnull=False) | Q(raised_at__gt=now() - AGAIN)
    return rows.filter(told, rule=_rule_of(one), key=one.alias).exists()


def _rule_of(one: PasswordAge) -> str:
    return UNKNOWN_AGE if one.changed is None else RULE
