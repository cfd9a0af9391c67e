"""How a session ends: at once, emptied, with its reason kept for the next page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import router, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.context import Actor, system_actor

from . import residues
from .acceleration import forget
from .conf import session_settings
from .events import SessionEnded
from .models import Session


class EndReason(StrEnum):
    """Why a session is no longer alive."""

    IDLE = "idle"
    ABSOLUTE = "absolute"
    REPLACED = "replaced"
    BY_ADMINISTRATOR = "by-administrator"
    BY_OWNER = "by-owner"
    LOGGED_OUT = "logged-out"
    OUT_OF_HOURS = "out-of-hours"
    DEACTIVATED = "deactivated"
    PASSWORD_CHANGED = "password-changed"
    RIGHTS_CHANGED = "rights-changed"
    NOT_PERMITTED = "not-permitted"

    @classmethod
    def of(cls, code: str) -> EndReason:
        """Return the reason a code stands for; an unknown one is "not permitted"."""
        try:
            return cls(ALSO_CALLED.get(code, code))
        except ValueError:
            return cls.NOT_PERMITTED

    @property
    def code(self) -> str:
        """Return the stable word for programs."""
        return self.value

    @property
    def sentence(self) -> Promise:
        """Return what the next page says."""
        return SENTENCES[self]


ALSO_CALLED = {"inactive": "deactivated", "day-not-allowed": "out-of-hours"}
"""What the refusal of a login calls the same thing."""

SENTENCES: dict[EndReason, Promise] = {
    EndReason.IDLE: _(
        "You were logged out because nothing happened for a long time. "
        "Please log in again."
    ),
    EndReason.ABSOLUTE: _(
        "You were logged out because the session reached its time limit. "
        "Please log in again."
    ),
    EndReason.REPLACED: _(
        "You were logged out because your account logged in at another place. "
        "If that was not you, tell your security administrator at once."
    ),
    EndReason.BY_ADMINISTRATOR: _("An administrator ended your session."),
    EndReason.BY_OWNER: _("You ended this session from another place."),
    EndReason.LOGGED_OUT: _("You have logged out."),
    EndReason.OUT_OF_HOURS: _(
        "You were logged out because logging in is not permitted at this time."
    ),
    EndReason.DEACTIVATED: _(
        "You were logged out because your account is no longer active."
    ),
    EndReason.PASSWORD_CHANGED: _(
        "You were logged out because the password was changed. "
        "Please log in with the new one."
    ),
    EndReason.RIGHTS_CHANGED: _(
        "You were logged out because your rights were changed. Please log in again."
    ),
    EndReason.NOT_PERMITTED: _(
        "You were logged out because you may not be logged in any more, "
        "or not at this time or from here."
    ),
}


def limit_passed(row: Session, at: datetime) -> EndReason | None:
    """Return the limit a session has reached at a moment, or None."""
    if row.expire_date <= at:
        return EndReason.ABSOLUTE
    if row.last_seen_at + session_settings().idle <= at:
        return EndReason.IDLE
    return None


def close(digests: Iterable[str], why: EndReason) -> int:
    """
    End sessions that are still open: data gone, reason kept (clause A6.4).

    One statement, so that of two that end the same session one succeeds; records no
    event, see `api.end`.

    Args:
        digests: the rows' keys.
        why: the reason the next page gives.

    Returns:
        How many this call ended.
    """
    wanted = list(digests)
    rows = Session.objects.filter(pk__in=wanted, user__isnull=False).open()
    ended: int = rows.update(
        ended_at=now(), ended_why=why.value, session_data="", notice=""
    )
    forget(wanted)
    if ended:
        residues.remove(wanted)
    return ended


def end_at_limit(row: Session, why: EndReason) -> None:
    """End a session whose limit has passed, and say so; an anonymous one just goes."""
    if row.user_id is None:
        Session.objects.filter(pk=row.pk, user__isnull=True).delete()
        forget([row.pk])
        return
    with transaction.atomic(using=router.db_for_write(Session)):
        if close([row.pk], why):
            report(row, why, actor=system_actor("jtsec.sessions"))


def report(row: Session, why: EndReason, *, actor: Actor | None = None) -> None:
    """Record that a session ended; the actor is the context's where none is given."""
    record(
        SessionEnded(
            resource=row.pk[:16],
            subject_username=row.user.get_username() if row.user else "",
            reason=why.value,
            address=row.address,
        ),
        actor=actor,
    )


def clear_expired() -> int:
    """
    End what is over a limit, and forget what ended long ago (clause A6.4).

    Returns:
        How many sessions of somebody ended.
    """
    at = now()
    overdue = Session.objects.overdue(at)
    overdue.filter(user__isnull=True).delete()
    ended = 0
    for row in overdue.select_related("user").iterator():
        end_at_limit(row, limit_passed(row, at) or EndReason.IDLE)
        ended += 1
    kept = timedelta(days=session_settings().kept_days)
    Session.objects.filter(ended_at__lt=at - kept).delete()
    return ended
