"""
Gives somebody a password for one login, when they have none or forgot theirs (P37).

The password is told once to the administrator who hands it over, and never stored in
clear; its owner has to choose another one before anything else is permitted.
"""

from __future__ import annotations

import secrets
import string
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import router, transaction
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.authentication.api import set_password
from jtsec.core.exceptions import InputError
from jtsec.identity.api import identity_of, uid_of, verify
from jtsec.identity.models import Identity
from jtsec.sessions.api import EndReason, end_all

from .authority import NotAllowed, require_administrator, required_reason
from .events import ActRefused, PasswordReset
from .password_requests import needs_approval

# Without those that are mistaken for one another when copied from paper.
LETTERS: Final = "".join(sorted(set(string.ascii_letters) - set("lIO")))
DIGITS: Final = "23456789"
SYMBOLS: Final = "@#%+=-_"
LENGTH: Final = 16
ATTEMPTS: Final = 20


def reset_password(user: Any, *, reason: str) -> str:
    """
    Give somebody else a random password; their sessions end.

    Args:
        user: whose; in use, with a whole identity.
        reason: why, for the audit.

    Returns:
        The password, to be told once.

    Raises:
        NotAllowed: the actor may not, it is their own account, or an administrator's
            and nobody approved it ("approval-required"); recorded.
        InputError: there is no reason, or the account is out of use.
        SealBroken, CannotVerify: the identity cannot be believed.
    """
    resource = f"identity:{uid_of(user)}"
    require_administrator("reset-password", resource, uid_of(user))
    why = required_reason(reason)
    identity = identity_of(user)
    if identity is None or not identity.is_active:
        raise InputError(_("This account is out of use."), code="inactive")
    verify(identity)
    _require_approval(identity, resource)
    with transaction.atomic(using=router.db_for_write(Identity)):
        password = give_initial_password(user)
        end_all(user, why=EndReason.PASSWORD_CHANGED)
        record(
            PasswordReset(
                resource=resource, subject_username=user.get_username(), reason=why
            )
        )
    return password


def initial_password() -> str:
    """Return a random password of letters, digits and symbols."""
    groups = (LETTERS, DIGITS, SYMBOLS)
    everything = "".join(groups)
    while True:
        password = "".join(secrets.choice(everything) for _ in range(LENGTH))
        if all(set(password) & set(group) for group in groups):
            return password


def give_initial_password(user: Any) -> str:
    """
    Set a random password that two people know, so it has to be changed at login.

    Args:
        user: somebody who is being registered by a command; asks for no right.

    Returns:
        The password, to be told once.
    """
    for attempt in range(ATTEMPTS):
        password = initial_password()
        try:
            set_password(user, password, by_owner=False)
        except ValidationError:
            # By chance it holds the person's number, or the project has more rules.
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return password
    raise AssertionError("unreachable")


def _require_approval(identity: Identity, resource: str) -> None:
    if needs_approval(identity):
        why = "approval-required"
        record(ActRefused(resource=resource, action="reset-password", reason=why))
        raise NotAllowed(why, _("An administrator's password needs a second person."))
