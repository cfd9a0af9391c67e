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

from django.db import DatabaseError, OperationalError, connections, transaction

from jtsec.audit.api import AuditUnavailable, record
from jtsec.audit.events import Event
from jtsec.audit.payload import moment
from jtsec.core.clock import now

from .models import ONE, AuditSealer
from .reading import alias
from .standing import is_busy

logger = logging.getLogger("jtsec.audit")

_logged: set[str] = set()
_told: set[tuple[str, str]] = set()
"""What this process has recorded while somebody else held the sealer's row."""


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
        if (kind, reason) not in _told:
            record(event)
            _told.add((kind, reason))
        if _remember(kind, {"reason": reason, "since": moment(now())}):
            _told.discard((kind, reason))
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
    _told.difference_update({one for one in _told if one[0] == kind})
    try:
        found = _standing().get(kind)
        # Whoever takes it out tells it; a row that is held is for the next pass.
        if found is not None and _remember(kind, None):
            record(ended(found["reason"], found["since"]))
    except (DatabaseError, AuditUnavailable):
        logger.exception("%s: its end could not be recorded", kind)


def _standing() -> dict[str, dict[str, str]]:
    rows = AuditSealer.objects.using(alias()).filter(pk=ONE)
    return _known(rows.values_list("troubles", flat=True).first())


def _known(stored: Any) -> dict[str, dict[str, str]]:
    """Return what is a trouble; others can write to the table what is none."""
    if not isinstance(stored, dict):
        return {}
    return {
        kind: {name: str(one[name]) for name in ("reason", "since")}
        for kind, one in stored.items()
        if isinstance(one, dict) and one.keys() >= {"reason", "since"}
    }


def _remember(kind: str, trouble: dict[str, str] | None) -> bool:
    """
    Write down a trouble, or None for its end; False where there was none to end.

    Nobody waits for the row: a sealer that hangs holds it, and every process that
    answers requests would hang behind it.
    """
    using = alias()
    rows = AuditSealer.objects.using(using)
    rows.get_or_create(pk=ONE)
    nowait = connections[using].features.has_select_for_update_nowait
    try:
        with transaction.atomic(using=using):
            row = rows.select_for_update(nowait=nowait).only("troubles").get(pk=ONE)
            row.troubles = _known(row.troubles)
            had = row.troubles.pop(kind, None) is not None
            if trouble is not None:
                row.troubles[kind] = trouble
            row.save(using=using, update_fields=["troubles"])
            return had or trouble is not None
    except OperationalError as error:
        if is_busy(error):
            return False
        raise
