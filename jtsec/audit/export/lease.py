"""
One sender at a time, on however many machines, without a lock while it waits.

The sender takes a lease, renews it before each batch, and writes down what came of a
batch only while it still holds it. A process that is killed leaves a lease that runs
out; one that was only stopped for longer than that finds it taken when it wakes.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from jtsec.core.clock import now

from .conf import export_settings
from .models import AuditExportCursor
from .spool import CURSOR, alias, cursor


class LeaseLost(Exception):
    """Says that another process sends by now."""


class Lease:
    """The right to send, for a while; `take` gives None when somebody else has it."""

    def __init__(self, token: str) -> None:
        self._token = token

    @classmethod
    def take(cls) -> Lease | None:
        """Take the lease if it is free, or ran out."""
        cursor()
        token = secrets.token_hex(16)
        at = now()
        # A clock that was set back must not keep a lease alive for years.
        is_free = (
            Q(lease="")
            | Q(lease_until__isnull=True)
            | Q(lease_until__lt=at)
            | Q(lease_until__gt=_end(at))
        )
        taken = _rows().filter(is_free).update(lease=token, lease_until=_end(at))
        return cls(token) if taken else None

    def renew(self) -> None:
        """
        Hold on to it for the next batch.

        Raises:
            LeaseLost: it ran out and somebody else took it.
        """
        self.write(lease_until=_end(now()))

    def write(self, **fields: Any) -> None:
        """Change the export's state while the lease is held; raises as `renew`."""
        if not _rows().filter(lease=self._token).update(**fields):
            raise LeaseLost

    def give_back(self) -> None:
        """Let the next one send at once."""
        _rows().filter(lease=self._token).update(lease="", lease_until=None)


def _rows() -> QuerySet[AuditExportCursor]:
    return AuditExportCursor.objects.using(alias()).filter(name=CURSOR)


def _end(at: datetime) -> datetime:
    """Return when a lease taken now runs out: after the longest wait for one answer."""
    return at + timedelta(seconds=3 * export_settings().timeout_seconds + 30)
