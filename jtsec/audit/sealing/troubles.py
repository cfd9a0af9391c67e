"""
Tells once that something is wrong, and once that it is over.

What was told stands beside the sealer's row, so that a failure of hours is one alarm
and not one every five seconds from every process. Where not even that can be read, the
log of the process has it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, transaction

from jtsec.audit.api import AuditUnavailable, record
from jtsec.audit.events import Event
from jtsec.audit.payload import moment
from jtsec.core.clock import now

from .models import ONE, AuditSealer
from .reading import alias

logger = logging.getLogger("jtsec.audit")

_logged: set[str] = set()


def tell_once(kind: str, reason: str, event: Event) -> None:
    """
    Record an alarm unless the same stands already.

    Args:
        kind: what has the trouble; there is one at a time.
        reason: what it is; another one is told again.
        event: the alarm. Recorded before it is remembered: dying in between repeats
            it, the other order would lose it.
    """
    try:
        if _standing().get(kind, {}).get("reason") == reason:
            return
        record(event)
        _remember(kind, {"reason": reason, "since": moment(now())})
    except (DatabaseError, AuditUnavailable):
        if reason not in _logged:
            _logged.add(reason)
            logger.exception("%s: %s: could not be recorded", kind, reason)


def tell_end(kind: str, ended: Callable[[str, str], Event]) -> None:
    """
    Record that a trouble is over, where one stands.

    Args:
        kind: what had it.
        ended: makes the event of the reason and of the time since when it stood.
    """
    _logged.clear()
    try:
        found = _standing().get(kind)
        if found is not None:
            record(ended(found["reason"], found["since"]))
            _remember(kind, None)
    except (DatabaseError, AuditUnavailable):
        logger.exception("%s: its end could not be recorded", kind)


def _standing() -> dict[str, Any]:
    rows = AuditSealer.objects.using(alias()).filter(pk=ONE)
    return rows.values_list("troubles", flat=True).first() or {}


def _remember(kind: str, trouble: dict[str, str] | None) -> None:
    using = alias()
    rows = AuditSealer.objects.using(using)
    rows.get_or_create(pk=ONE)
    with transaction.atomic(using=using):
        row = rows.select_for_update().only("troubles").get(pk=ONE)
        row.troubles.pop(kind, None)
        if trouble is not None:
            row.troubles[kind] = trouble
        row.save(using=using, update_fields=["troubles"])
