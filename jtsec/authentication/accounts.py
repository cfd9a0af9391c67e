"""
The account of a user: made with the identity, written in one way.

Every change reads the row under a lock, demands that its seal is whole, and seals it
anew. Sealing what was altered by SQL would launder it.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import router, transaction

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.fields.api import apply_seal, check_seal
from jtsec.identity.api import uid_of
from jtsec.identity.models import Identity

from .conf import authentication_settings
from .events import AccountFoundBroken
from .models import Account

FIRST_LOGIN = "first-login"
SET_BY_ADMINISTRATOR = "set-by-administrator"


def account_of(user: Any) -> Account | None:
    """Return a user's account, from the joined row where there is one."""
    try:
        account: Account | None = getattr(user, "jtsec_account", None)
    except ObjectDoesNotExist:
        return None
    return account


def make_account(
    sender: type[Identity], instance: Identity, created: bool, **kwargs: Any
) -> None:
    """Make the account with the identity; receives `post_save` of identities."""
    if not created:
        return
    at = now()
    due = authentication_settings().change_at_first_login
    account = Account(
        user_id=instance.user_id,
        created_at=at,
        password_set_at=at,
        must_change_password=due,
        must_change_why=FIRST_LOGIN if due else "",
    )
    apply_seal(account)
    account.save(force_insert=True)
    # A user at hand that was asked before remembers that there is none.
    instance.user.jtsec_account = account


def write_account(user: Any, **columns: Any) -> Account:
    """
    Change sealed columns of a user's account and seal it anew.

    Args:
        user: whose.
        columns: the new values.

    Returns:
        The account as it is now; the user's joined row follows.

    Raises:
        RowSealBroken: the account was altered, or is gone; recorded, with an alarm.
        CannotVerify: the key is missing; recorded, with an alarm.
    """
    with transaction.atomic(using=router.db_for_write(Account)):
        rows = Account.objects.select_for_update()
        account = rows.filter(user_id=user.pk).first()
        verify_account(user, account)
        assert account is not None  # noqa: S101 - verify_account raises without one
        for name, value in columns.items():
            setattr(account, name, value)
        apply_seal(account)
        account.save(update_fields=[*columns, "seal", "seal_key_id"])
    user.jtsec_account = account
    return account


def password_was_set(user: Any, *, by_self: bool) -> None:
    """
    Note a new password: its age begins, and a change that was due is done.

    A password that somebody else set is known to two people; its owner must change
    it at the next login (clauses A3.2.9, P37).
    """
    write_account(
        user,
        password_set_at=now(),
        must_change_password=not by_self,
        must_change_why="" if by_self else SET_BY_ADMINISTRATOR,
    )


def verify_account(user: Any, account: Account | None) -> None:
    """
    Return if an account is there and whole.

    Raises:
        VerifiedFalse: it was altered or removed; recorded, with an alarm.
        CannotVerify: the key is missing; recorded, with an alarm.
    """
    try:
        if account is None:
            raise VerifiedFalse("account-missing")
        check_seal(account)
    except (VerifiedFalse, CannotVerify) as error:
        record(
            AccountFoundBroken(
                resource=f"identity:{uid_of(user)}",
                subject_username=user.get_username(),
                reason=str(error),
            )
        )
        raise
