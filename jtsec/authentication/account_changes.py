"""
The verbs by which an administrator changes somebody's account.

Each asks who acts, checks what is given, writes, seals and records in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import router, transaction
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.acts import require_leave
from jtsec.core.clock import now
from jtsec.core.exceptions import InputError, Refused
from jtsec.identity.api import uid_of
from jtsec.identity.models import Identity

from .accounts import account_of, verify_account, write_account
from .authority import require_authority, required_reason
from .events import (
    AccountReactivated,
    PasswordChangeRequired,
    RestrictionsChanged,
    ValidityChanged,
)
from .models import Account
from .restriction_forms import NORMAL
from .standing import REACTIVATED, RENAMED, REQUIRED, invalidity


def set_restrictions(
    user: Any,
    *,
    reason: str,
    networks: Iterable[str] | None = None,
    terminals: Iterable[str] | None = None,
    places: Iterable[str] | None = None,
    weekdays: Iterable[int | str] | None = None,
    hours: Iterable[str] | None = None,
) -> Account:
    """
    Set from where and when somebody may log in, and stay (clause A3.2.8).

    What is None stays as it is; an empty list lifts that restriction.

    Args:
        user: whose.
        reason: why, for the audit.
        networks: networks in CIDR form.
        terminals: terminal ids or MACs.
        places: names of places.
        weekdays: 1 Monday to 7 Sunday, or "workdays".
        hours: such as "08:00-18:00"; may go over midnight.

    Raises:
        NotAllowed: the actor may not; recorded.
        InputError: something is malformed; nothing changed.
        VerifiedFalse: the account, or a place, was altered.
    """
    given: dict[str, Iterable[Any] | None] = {
        "networks": networks,
        "terminals": terminals,
        "places": places,
        "weekdays": weekdays,
        "hours": hours,
    }
    return _restrict(user, reason, given)


def _restrict(
    user: Any, reason: str, given: Mapping[str, Iterable[Any] | None]
) -> Account:
    require_authority("set-restrictions", user)
    reason = required_reason(reason)
    wanted = {
        name: NORMAL[name](values)
        for name, values in given.items()
        if values is not None
    }
    with _transaction():
        before = _columns(_locked(user), wanted)
        account = write_account(user, **wanted)
        record(
            RestrictionsChanged(
                **_whom(user), reason=reason, before=before, after=wanted
            )
        )
    return account


def set_validity(
    user: Any,
    *,
    reason: str,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> Account:
    """
    Set the time in which an account is valid; None for no limit.

    Raises:
        NotAllowed: the actor may not; recorded.
        InputError: it ends before it begins.
        Refused: "expired-needs-reactivation": an account that has expired is
            reactivated, which demands a new password (clause A3.2.9).
        jtsec.core.acts.ApprovalRequired: it lengthens the time, and a second person
            has to approve that; recorded.
    """
    require_authority("set-validity", user)
    reason = required_reason(reason)
    if valid_from and valid_until and valid_until <= valid_from:
        raise InputError(_("The end lies before the beginning."), field="valid_until")
    with _transaction():
        account = _locked(user)
        _require_not_expired(account)
        if _is_longer(account, valid_until):
            require_leave("authentication.extend-validity", person=uid_of(user))
        wanted = {"valid_from": valid_from, "valid_until": valid_until}
        before = _columns(account, wanted)
        account = write_account(user, **wanted)
        record(
            ValidityChanged(**_whom(user), reason=reason, before=before, after=wanted)
        )
    return account


def extend_validity(user: Any, until: datetime, *, reason: str) -> Account:
    """
    Extend the validity of an account that has not expired yet.

    Raises:
        NotAllowed, InputError, Refused: as `set_validity`.
    """
    require_authority("extend-validity", user)
    _require_future(until)
    account = account_of(user)
    valid_from = account.valid_from if account is not None else None
    return set_validity(user, reason=reason, valid_from=valid_from, valid_until=until)


def reactivate(user: Any, *, until: datetime | None, reason: str) -> Account:
    """
    Let an expired or dormant account be used again (clause A3.2.9).

    The next login permits nothing but a password change, which then begins a new
    validity of the password. To undo the deactivation of a person is
    `jtsec.identity.api.reactivate`.

    Args:
        user: whose.
        until: the new end of validity, None for no end.
        reason: why, for the audit.

    Raises:
        NotAllowed: the actor may not; recorded.
        InputError: the end is not in the future.
        jtsec.core.acts.ApprovalRequired: a second person has to approve it; recorded.
    """
    require_authority("reactivate", user)
    require_leave("authentication.extend-validity", person=uid_of(user))
    reason = required_reason(reason)
    _require_future(until)
    wanted = {
        "valid_until": until,
        "reactivated_at": now(),
        "must_change_password": True,
        "must_change_why": REACTIVATED,
    }
    with _transaction():
        before = _columns(_locked(user), wanted)
        account = write_account(user, **wanted)
        record(
            AccountReactivated(
                **_whom(user), reason=reason, before=before, after=wanted
            )
        )
    return account


def require_password_change(user: Any, *, reason: str) -> Account:
    """
    Permit somebody nothing but a password change, at once also in open sessions.

    Raises:
        NotAllowed: the actor may not; recorded.
    """
    require_authority("require-password-change", user)
    return _demand_new_password(user, REQUIRED, required_reason(reason))


def follow_rename(identity: Identity, before: Mapping[str, str]) -> None:
    """
    Demand a new password of somebody renamed; called with the change of identity.

    The password in use is bound to the former name (clause A3.2.5).
    """
    _demand_new_password(identity.user, RENAMED, "renamed")


def _demand_new_password(user: Any, why: str, reason: str) -> Account:
    with _transaction():
        account = write_account(user, must_change_password=True, must_change_why=why)
        record(PasswordChangeRequired(**_whom(user), reason=reason))
    return account


def _locked(user: Any) -> Account:
    """Return the row as it is, locked and verified."""
    rows = Account.objects.select_for_update()
    account = rows.filter(user_id=user.pk).first()
    verify_account(user, account)
    assert account is not None  # noqa: S101 - verify_account raises without one
    return account


def _is_longer(account: Account, until: datetime | None) -> bool:
    """Answer whether an account would be valid for longer than it is."""
    former = account.valid_until
    return former is not None and (until is None or until > former)


def _columns(account: Account, wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: getattr(account, name) for name in wanted}


def _whom(user: Any) -> dict[str, str]:
    return {
        "resource": f"identity:{uid_of(user)}",
        "subject_username": user.get_username(),
    }


def _transaction() -> Any:
    return transaction.atomic(using=router.db_for_write(Account))


def _require_future(until: datetime | None) -> None:
    if until is not None and until <= now():
        raise InputError(_("The end of validity lies in the past."), field="until")


def _require_not_expired(account: Account) -> None:
    if invalidity(account, now()) in ("account-expired", "account-dormant"):
        raise Refused(
            "expired-needs-reactivation",
            _("This account has expired. Reactivate it; a new password is then due."),
        )
