"""
Brings an account back, or makes it last longer (clause A3.2.9).

Where the setting puts that under approval, an application takes the place of the deed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import router, transaction
from django.utils.translation import gettext as _

from jtsec.approvals.api import apply_for_extension, is_under_approval
from jtsec.approvals.models import ApprovalRequest
from jtsec.authentication import api as authentication
from jtsec.core.clock import now
from jtsec.core.exceptions import InputError
from jtsec.identity import api as identities
from jtsec.identity.models import Identity

from .authority import require_administrator, required_reason

ACT: Final = "authentication.extend-validity"


def activate(
    identity: Identity, *, until: datetime | None, reason: str
) -> ApprovalRequest | None:
    """
    Let an account that is out of use, expired or long unused be used again.

    The next login permits nothing but a change of the password.

    Args:
        identity: whose.
        until: the new end of validity, None for no end.
        reason: why.

    Returns:
        The application that was made instead, or None when it is done.

    Raises:
        NotAllowed: the actor may not, or it is their own; recorded.
        InputError: there is no reason, or the end is not in the future.
        SealBroken, CannotVerify: the account cannot be believed.
    """
    uid = str(identity.uid)
    require_administrator("activate", f"identity:{uid}", uid)
    why = required_reason(reason)
    if until is not None and until <= now():
        message = _("The end of validity lies in the past.")
        raise InputError(message, field="until")
    with transaction.atomic(using=router.db_for_write(Identity)):
        if not identity.is_active:
            identities.reactivate(identity, reason=why)
        if is_under_approval(ACT):
            return apply_for_extension(
                identity.user, until, reason=why, reactivate=True
            )
        authentication.reactivate(identity.user, until=until, reason=why)
    return None


def set_validity(
    identity: Identity,
    *,
    valid_from: datetime | None,
    valid_until: datetime | None,
    reason: str,
) -> ApprovalRequest | None:
    """
    Set from when to when an account that has not expired is valid.

    Returns:
        The application that was made instead, where a longer validity needs one; or
        None when it is done.

    Raises:
        NotAllowed, InputError, Refused: as `authentication.api.set_validity`.
    """
    uid = str(identity.uid)
    require_administrator("set-validity", f"identity:{uid}", uid)
    why = required_reason(reason)
    if is_under_approval(ACT) and _is_longer(identity, valid_until):
        return apply_for_extension(identity.user, valid_until, reason=why)
    authentication.set_validity(
        identity.user, reason=why, valid_from=valid_from, valid_until=valid_until
    )
    return None


def _is_longer(identity: Identity, until: datetime | None) -> bool:
    account = authentication.account_of(identity.user)
    present = account.valid_until if account is not None else None
    return present is not None and (until is None or until > present)
