"""Who is logged in now, and how an administrator ends a session that is not theirs."""

from __future__ import annotations

from typing import Final

from django.db import router, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.context import current
from jtsec.core.exceptions import CannotVerify, InputError, Refused, VerifiedFalse
from jtsec.core.reasons import plain_reason
from jtsec.identity.api import verify_actor

from .endings import EndReason, close
from .engine import SessionStore
from .events import SessionEndedByAdministrator, SessionEndRefused
from .models import Session, SessionQuerySet

DUTY: Final = "security"


def everybodys_sessions() -> SessionQuerySet:
    """
    Return all live sessions of users, with whom they belong to, in one query.

    Without ID numbers: one that SQL made unreadable would hide everybody else.
    """
    live: SessionQuerySet = Session.objects.live().filter(user__isnull=False)
    named = live.select_related("user__jtsec_identity__organisation")
    return named.defer("user__jtsec_identity__resident_id")


def end_somebodys(request: HttpRequest, digest: str, *, reason: str) -> None:
    """
    End somebody else's session at once, on every process (clause A9.1).

    Args:
        request: of the administrator.
        digest: the row's key.
        reason: why, in words, at most 200 characters.

    Raises:
        InputError: there is no reason, or the session has ended already.
        Refused: "end-not-allowed": the actor's duty may not; "end-own-session": a
            session is the actor's own, which they leave by logging out. Both leave
            an event.
    """
    reason = plain_reason(reason)
    row = Session.objects.open().filter(pk=digest, user__isnull=False).first()
    if row is None:
        raise InputError(_("This session has ended already."), code="not-open")
    fault = _fault_of(request, row)
    if fault:
        record(SessionEndRefused(resource=row.pk[:16], reason=fault))
        raise Refused(fault, _("You may not end this session."))
    with transaction.atomic(using=router.db_for_write(Session)):
        if not close([row.pk], EndReason.BY_ADMINISTRATOR):
            raise InputError(_("This session has ended already."), code="not-open")
        username = row.user.get_username() if row.user else ""
        record(
            SessionEndedByAdministrator(
                resource=row.pk[:16],
                subject_username=username,
                reason=reason,
                address=row.address,
            )
        )


def _fault_of(request: HttpRequest, row: Session) -> str:
    """Return why this actor may not end this session, "" when they may."""
    actor = current().actor
    if actor.kind != "person" or actor.duty != DUTY:
        return "end-not-allowed"
    try:
        verify_actor()
    except (VerifiedFalse, CannotVerify):
        return "end-not-allowed"
    store = getattr(request, "session", None)
    own = store.row if isinstance(store, SessionStore) else None
    if own is None or own.pk == row.pk or own.user_id == row.user_id:
        return "end-own-session"
    return ""
