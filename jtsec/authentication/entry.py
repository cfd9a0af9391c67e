"""
Whether somebody may be in here: asked after a right password, and on every request.

Asked after the password, never before: a stranger must not learn from the answer who
exists, or who is bound to which place.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.context import current
from jtsec.core.exceptions import CannotVerify, Refused, VerifiedFalse
from jtsec.core.source import Source, client_source
from jtsec.identity.api import identity_of

from . import restrictions
from .accounts import account_of, verify_account
from .events import LiveSessionRefused
from .exceptions import LoginRefused
from .models import Account
from .standing import password_due_why, require_valid

if TYPE_CHECKING:
    from django.http import HttpRequest

CANNOT_BE_USED: Final[Promise] = _(
    "This account cannot be used to log in. Ask your system administrator."
)
OPEN_WHILE_PASSWORD_DUE: Final = frozenset(
    {
        "jtsec:password-change",
        "jtsec:logout",
        "jtsec:last-login",
        "jtsec:not-me",
        "jtsec:session-keep-alive",
    }
)
"""What somebody may open while nothing but a password change is permitted."""


def require_entry(user: Any, source: Source, at: datetime) -> None:
    """
    Return if somebody whose password was right may enter.

    Args:
        user: who, with the joined identity and account.
        source: from where.
        at: when.

    Raises:
        LoginRefused: with the exact reason; the caller records the refusal. An
            altered or missing account has left its own event and alarm already.
    """
    account = account_of(user)
    try:
        _require_person(user)
        verify_account(user, account)
    except VerifiedFalse as error:
        reason = "account-missing" if account is None else "sealed-broken"
        raise LoginRefused(reason, str(CANNOT_BE_USED)) from error
    except CannotVerify as error:
        raise LoginRefused("cannot-verify", str(CANNOT_BE_USED)) from error
    assert account is not None  # noqa: S101 - verify_account raises without one
    _require_here_and_now(user, account, source, at)


def live_refusal(request: HttpRequest) -> Refused | None:
    """
    Return why whoever is logged in may stay no longer, or None.

    The same rules as at login, on the rows that came with the user: no query.
    """
    user = request.user
    account = account_of(user)
    try:
        _require_person(user)
        if account is None:
            raise LoginRefused("account-missing", str(CANNOT_BE_USED))
        source = client_source_of(request)
        _require_here_and_now(user, account, source, now())
    except LoginRefused as refused:
        record(LiveSessionRefused(reason=refused.reason, rule=refused.rule))
        return refused
    return None


def password_due(request: HttpRequest) -> bool:
    """Answer whether nothing but a password change is permitted; no query."""
    account = account_of(request.user)
    return account is not None and bool(password_due_why(account, now()))


def client_source_of(request: HttpRequest) -> Source:
    """Return the source of a request, worked out once a request where that is kept."""
    context = current()
    if context.request is not None and context.request is request:
        return context.source
    return client_source(request.META)


def _require_person(user: Any) -> None:
    """
    Refuse who is nobody, out of use, or everybody at once.

    A superuser passes every permission check, so no separation of duties would hold
    for one (clauses A4.2, A4.4).
    """
    identity = identity_of(user)
    if identity is None:
        raise LoginRefused("no-identity", str(CANNOT_BE_USED))
    if not identity.is_active or not user.is_active:
        raise LoginRefused("inactive", str(CANNOT_BE_USED))
    if getattr(user, "is_superuser", False):
        raise LoginRefused("superuser", str(CANNOT_BE_USED))


def _require_here_and_now(
    user: Any, account: Account, source: Source, at: datetime
) -> None:
    require_valid(account, at)
    try:
        restrictions.check(user, source, at)
    except VerifiedFalse as error:
        raise LoginRefused("calendar-broken", str(CANNOT_BE_USED)) from error
    except CannotVerify as error:
        raise LoginRefused("cannot-verify", str(CANNOT_BE_USED)) from error
