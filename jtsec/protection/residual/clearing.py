"""Clears what is left: what is overdue, or everything before a machine is given up."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import router, transaction

from jtsec.audit.api import record
from jtsec.core.exceptions import InputError
from jtsec.protection.transient.models import TransientBusiness, TransientEntry
from jtsec.protection.transient.removal import sweep
from jtsec.sessions.api import EndReason, clear_expired, end
from jtsec.sessions.models import Session

from .events import ResidualCleared
from .folders import sweep_folders


@dataclass(frozen=True)
class Cleared:
    """
    What was removed.

    Args:
        sessions: sessions that were ended.
        entries: transient entries.
        folders: folders of temporary files.
    """

    sessions: int
    entries: int
    folders: int


def clear(*, everything: bool = False, reason: str = "") -> Cleared:
    """
    Remove what sessions and business left on this machine and in the database (A6.4).

    Sessions over a limit end first, each with its event, and those that ended long ago
    are forgotten.

    Args:
        everything: end every session first, and remove all transient data: for a
            system that is taken out of service.
        reason: why; needed for everything.

    Raises:
        InputError: everything without a reason.
        AuditUnavailable: it could not be recorded; nothing is removed.
    """
    if everything and not reason.strip():
        raise InputError("a reason is needed", field="reason", code="required")
    # `clearsessions` does this too, where django.contrib.sessions is installed.
    sessions, entries = clear_expired(), 0
    with transaction.atomic(using=router.db_for_write(TransientEntry)):
        if everything:
            ended, entries = _end_everything()
            sessions += ended
        entries += sweep()
        done = Cleared(sessions, entries, sweep_folders())
        if everything or any(asdict(done).values()):
            place = "everything" if everything else "overdue"
            record(ResidualCleared(resource=place, reason=reason, **asdict(done)))
    return done


def _end_everything() -> tuple[int, int]:
    entries = TransientEntry.objects.count()
    live = Session.objects.open().filter(user__isnull=False)
    keys = list(live.values_list("pk", flat=True))
    ended = sum(end(one, why=EndReason.BY_ADMINISTRATOR) for one in keys)
    TransientBusiness.objects.all().delete()
    TransientEntry.objects.all().delete()
    Session.objects.filter(user__isnull=True).delete()
    return ended, entries
