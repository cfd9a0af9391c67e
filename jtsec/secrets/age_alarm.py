"""
Alarms once a day while a password of a database is overdue; after a response.

There is no event when time passes: somebody has to look. Each process looks once an
hour, which reads the store and, where nothing is overdue, no database.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from django.db import router
from django.db.models import Q

from jtsec.audit.alarms.api import Alarm, raise_alarm
from jtsec.audit.events import Severity
from jtsec.core.after_responses import after_responses
from jtsec.core.clock import now
from jtsec.core.context import acting_as, system_actor

from .password_age import PasswordAge, overdue

RULE: Final = "secrets:database-password:overdue"
UNKNOWN_AGE: Final = "secrets:database-password:unknown-age"
LOOKING_SECONDS: Final = 3600
AGAIN: Final = timedelta(days=1)


@after_responses(
    every=lambda: LOOKING_SECONDS,
    failure="the age of the database's password could not be looked at",
    logger=logging.getLogger("jtsec.secrets"),
)
def look_after_response() -> None:
    """Raise what is due."""
    raise_overdue()


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
