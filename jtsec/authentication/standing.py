"""
How somebody stands: whether the account is valid, and whether a password is due.

Everything is read from the joined rows; standing is asked on every request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.core.clock import now
from jtsec.core.exceptions import CannotVerify

from .accounts import FIRST_LOGIN, SET_BY_ADMINISTRATOR, account_of
from .calendar import local
from .conf import authentication_settings
from .exceptions import LoginRefused
from .models import Account
from .shared_restrictions import restrictions_of

EXPIRED_PASSWORD: Final = "password-expired"
RENAMED: Final = "renamed"
REACTIVATED: Final = "reactivated"
REQUIRED: Final = "required"
BELOW_THE_RULES: Final = "below-the-rules"

NOT_VALID: Final[Promise] = _(
    "Your account is not valid at present. "
    "Ask your system administrator to activate it."
)
WHY_CHANGE: Final[Mapping[str, Promise]] = MappingProxyType(
    {
        FIRST_LOGIN: _("This is your first login. Choose a password of your own."),
        SET_BY_ADMINISTRATOR: _(
            "Your password was set by somebody else. Choose one of your own."
        ),
        EXPIRED_PASSWORD: _("Your password has expired. Choose a new one."),
        RENAMED: _("Your name was changed. Choose a new password."),
        REACTIVATED: _("Your account was activated again. Choose a new password."),
        BELOW_THE_RULES: _(
            "Your password does not meet the rules of today. Choose a new one."
        ),
        REQUIRED: _("An administrator asks you to choose a new password."),
    }
)


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How a user stands at a moment.

    Args:
        may_enter: whether the account is valid.
        must_change_password: whether nothing but a password change is permitted.
        reason: the exact code of what is wrong or due, "" for nothing.
        sentence: what the person may read.
        days_left_account: days the account is valid, None without an end.
        days_left_password: days the password is valid.
    """

    may_enter: bool
    must_change_password: bool
    reason: str
    sentence: str
    days_left_account: int | None
    days_left_password: int


def standing_of(user: Any, at: datetime) -> Standing:
    """
    Return how a user stands; no query when the account is joined.

    Somebody without an account has no standing at all and may not enter.
    """
    account = account_of(user)
    if account is None:
        return Standing(False, False, "account-missing", str(NOT_VALID), None, 0)
    reason = invalidity(account, at)
    due = "" if reason else password_due_why(account, at)
    words = NOT_VALID if reason else WHY_CHANGE.get(due, "")
    until = account.valid_until
    return Standing(
        may_enter=not reason,
        must_change_password=bool(due),
        reason=reason or due,
        sentence=str(words),
        days_left_account=None if until is None else _days(at, until),
        days_left_password=_days(at, password_until(account)),
    )


def require_valid(account: Account, at: datetime) -> None:
    """
    Return if an account is within its validity and in use.

    Raises:
        LoginRefused: "not-yet-valid", "account-expired" or "account-dormant".
    """
    if reason := invalidity(account, at):
        raise LoginRefused(reason, str(NOT_VALID))


def invalidity(account: Account, at: datetime) -> str:
    """Return why an account is not valid at a moment, or ""."""
    if account.valid_from is not None and at < account.valid_from:
        return "not-yet-valid"
    if account.valid_until is not None and at >= account.valid_until:
        return "account-expired"
    return "account-dormant" if _is_dormant(account, at) else ""


def password_due_why(account: Account, at: datetime) -> str:
    """
    Return why a new password is due, or "".

    What somebody decided goes before what time did: a person who was reactivated
    should read that, although the password has expired meanwhile as well.
    """
    if account.must_change_password:
        return account.must_change_why or REQUIRED
    return EXPIRED_PASSWORD if at >= password_until(account) else ""


def password_until(account: Account) -> datetime:
    """
    Return the moment from which a password has expired.

    A role may ask for a shorter time than the settings, never for a longer one. Where
    it is not known what a role asks for, the password is due.
    """
    days = authentication_settings().password_max_days
    try:
        shared = restrictions_of(account.user, now()) if account.user_id else ()
        shorter = [one.password_days for one in shared if one.password_days]
    except CannotVerify:
        return account.password_set_at
    return account.password_set_at + timedelta(days=min([days, *shorter]))


def _is_dormant(account: Account, at: datetime) -> bool:
    days = authentication_settings().dormant_days
    if not days:
        return False
    used = (account.created_at, account.login_at, account.reactivated_at)
    last = max(one for one in used if one is not None)
    return at - last > timedelta(days=days)


def _days(at: datetime, until: datetime) -> int:
    """Count as people do, by the calendar: what ends today has no day left."""
    return max(0, (local(until).date() - local(at).date()).days)
