"""What happens at a login and a logout, whoever's page it was: receivers of signals."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import router, transaction
from django.http import HttpRequest

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.core.source import LOCAL
from jtsec.identity.api import actor_of
from jtsec.sessions.api import end_current, own_session

from .accounts import account_of, verify_account
from .entry import CANNOT_BE_USED, client_source_of
from .events import LoggedOut, LoginSucceeded
from .exceptions import LoginRefused
from .models import Account
from .notice import remember_login
from .standing import password_due_why


def note_login(
    sender: type[Any], request: HttpRequest | None, user: Any, **kwargs: Any
) -> None:
    """
    Write the login down, for its owner and for the audit; receives `user_logged_in`.

    Connected after the sessions' gate, so that a login without a place is none. Who
    has no account passes here, and is refused with the next request.

    Raises:
        LoginRefused: the account was altered; recorded, and no session is left. Our
            backend has looked already. A view that compares the password itself, or
            a backend for certificates, has not.
    """
    account = account_of(user)
    if account is None:
        return
    try:
        verify_account(user, account)
    except (VerifiedFalse, CannotVerify) as error:
        if request is not None:
            end_current(request, "not-permitted")
        raise LoginRefused("sealed-broken", str(CANNOT_BE_USED)) from error
    source = LOCAL if request is None else client_source_of(request)
    with transaction.atomic(using=router.db_for_write(Account), savepoint=False):
        remember_login(user, source)
        record(
            LoginSucceeded(
                previous_at=account.previous_at,
                failures_before=account.shown_failure_count,
                must_change_password=bool(password_due_why(account, now())),
                session=_session_of(request),
            ),
            actor=actor_of(user),
            source=source,
        )


def _session_of(request: HttpRequest | None) -> str:
    """Return what lists call the session of a request, "" where it has none."""
    row = None if request is None else own_session(request)
    return "" if row is None else str(row.pk)[:16]


def note_logout(
    sender: type[Any],
    request: HttpRequest | None,
    user: AbstractBaseUser | None,
    **kwargs: Any,
) -> None:
    """Write a logout down; receives `user_logged_out`, before the session is gone."""
    if user is not None and user.is_authenticated:
        source = LOCAL if request is None else client_source_of(request)
        record(LoggedOut(), actor=actor_of(user), source=source)
