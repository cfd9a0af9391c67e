"""
The verbs of the sessions.

Logging in is `django.contrib.auth.login`, as ever; the gate stands behind it. These
are for who wants to know who is logged in, to end a session, or to say why one ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import router, transaction
from django.http import HttpRequest

from jtsec.core.clock import now
from jtsec.core.exceptions import ConfigurationError
from jtsec.core.source import client_source

from .admission import APPLICATION_FULL, USER_FULL, SessionRefused
from .conf import session_settings
from .endings import EndReason, clear_expired, close, report
from .engine import SessionStore
from .intervention import end_somebodys, everybodys_sessions
from .models import Session, SessionQuerySet
from .places import Place, forget_notice, read
from .residues import on_ended

__all__ = [
    "APPLICATION_FULL",
    "USER_FULL",
    "EndReason",
    "Place",
    "SessionRefused",
    "admit",
    "clear_expired",
    "end",
    "end_all",
    "end_current",
    "end_other",
    "end_others",
    "end_somebodys",
    "end_unfounded",
    "ended_reason",
    "everybodys_sessions",
    "has_ended",
    "live_sessions",
    "notice_shown",
    "on_ended",
    "own_session",
    "second_place",
    "seconds_left",
]


def admit(request: HttpRequest, user: AbstractBaseUser) -> None:
    """
    Give the login of this request its place; receives `user_logged_in`.

    Does nothing for a login without a session, such as one by token.

    Args:
        request: its session already holds the user.
        user: who logged in.

    Raises:
        SessionRefused: there is no place; the request is anonymous again and nothing
            is left of the session. It was no failed login and is not to be counted
            as one (clauses A9.2, A9.3).
        ConfigurationError: the session is of an engine that knows no limits.
    """
    session = getattr(request, "session", None)
    if session is None or session.get(SESSION_KEY) is None:
        return
    if not isinstance(session, SessionStore):
        raise ConfigurationError("SESSION_ENGINE is not one of jtsec's")
    if session.row is not None and session.row.user_id == user.pk:
        return
    try:
        session.admit(user, client_source(request.META))
    except SessionRefused:
        request.user = AnonymousUser()
        raise


def live_sessions(user: Any) -> SessionQuerySet:
    """Return the live sessions of a user, or of a user's key, the last login first."""
    live: SessionQuerySet = Session.objects.filter(user=user).live()
    return live.order_by("-created_at", "pk")


def own_session(request: HttpRequest) -> Session | None:
    """Return the row of the session of this request, None for a visitor without one."""
    store = _store_of(request)
    return store.row if store is not None else None


def seconds_left(request: HttpRequest) -> int | None:
    """
    Return when the session of this request ends if nothing happens (clause A9.1).

    Returns:
        Seconds from now to the idle or the absolute end, whichever comes first; None
        for who is not logged in.
    """
    row = own_session(request)
    if row is None or row.user_id is None:
        return None
    end_at = min(row.expire_date, row.last_seen_at + session_settings().idle)
    return max(0, int((end_at - now()).total_seconds()))


def end(digest: str, *, why: EndReason) -> bool:
    """
    End one session at once, on every process (clause A9.1).

    Args:
        digest: the row's key.
        why: what the next page says.

    Returns:
        Whether it was still open.
    """
    return _end_rows(Session.objects.filter(pk=digest), why) == 1


def end_all(user: AbstractBaseUser, *, why: EndReason) -> int:
    """End every session of a user; returns how many there were."""
    return _end_rows(Session.objects.filter(user=user), why)


def end_other(request: HttpRequest, digest: str) -> int:
    """
    End one other session of the same user.

    Args:
        request: of the user.
        digest: the row's key, as a form sent it; of a stranger's session nothing
            happens, and nothing is told.

    Returns:
        1 when it was ended, else 0.
    """
    own = own_session(request)
    if own is None or own.user_id is None or digest == own.pk:
        return 0
    rows = Session.objects.filter(user_id=own.user_id, pk=digest)
    return _end_rows(rows, EndReason.BY_OWNER)


def end_others(request: HttpRequest, *, why: EndReason = EndReason.BY_OWNER) -> int:
    """End the user's sessions other than this request's; returns how many."""
    own = own_session(request)
    if own is None or own.user_id is None:
        return 0
    rows = Session.objects.filter(user_id=own.user_id).exclude(pk=own.pk)
    return _end_rows(rows, why)


def end_current(request: HttpRequest, why: str) -> None:
    """
    End the session of this request and make the request anonymous.

    The browser keeps its cookie until a page has told the reason.

    Args:
        request: the request.
        why: an `EndReason` or its code; an unknown one reads "not permitted".
    """
    store = _store_of(request)
    if store is None:
        return
    if store.row is not None and store.row.user_id is not None:
        _end_rows(Session.objects.filter(pk=store.row.pk), EndReason.of(why))
        store.abandon(EndReason.of(why))
    else:
        store.flush()
    request.user = AnonymousUser()


def end_unfounded(request: HttpRequest) -> None:
    """
    End the session of this request where it is alive and its user is not let in.

    Args:
        request: one whose user is anonymous.
    """
    row = own_session(request)
    if row is not None and row.user_id is not None:
        end_current(request, EndReason.NOT_PERMITTED)


def ended_reason(request: HttpRequest) -> EndReason | None:
    """
    Return why the session that the browser presents is no longer alive.

    Asking counts as telling: the cookie goes with this response, and the next page
    says nothing any more.
    """
    store = _store_of(request)
    if store is None or store.ended is None:
        return None
    store.reason_told()
    return store.ended


def has_ended(request: HttpRequest) -> bool:
    """Answer whether the browser presents an ended session; tells nothing of it."""
    store = _store_of(request)
    return store is not None and store.ended is not None


def second_place(request: HttpRequest) -> tuple[Place, ...]:
    """
    Return where else this user is, or just was, logged in (clause A3.2.11).

    For the newer session the older places, for an older one the newer place. It is
    told until `notice_shown`, and costs no query.
    """
    row = own_session(request)
    return read(row.notice) if row is not None else ()


def notice_shown(request: HttpRequest) -> None:
    """Forget the notice of a second place, once a page has shown it."""
    row = own_session(request)
    if row is not None and row.notice:
        forget_notice(row)


def _end_rows(rows: Any, why: EndReason) -> int:
    """End rows one by one, each with its event, all or none."""
    ended = 0
    with transaction.atomic(using=router.db_for_write(Session)):
        found: Iterable[Session] = rows.open().select_related("user")
        for row in found:
            if close([row.pk], why):
                report(row, why)
                ended += 1
    return ended


def _store_of(request: HttpRequest) -> SessionStore | None:
    """Return the store of a request, loaded; None without one of ours."""
    store = getattr(request, "session", None)
    if not isinstance(store, SessionStore):
        return None
    store.load_once()
    return store
