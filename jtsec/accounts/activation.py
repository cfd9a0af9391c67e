"""
Brings an account back, or makes it last longer (clause A3.2.9).

Where the setting puts that under approval, an application takes the place of the deed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import router, transaction
from django.utils.translation import gettext as _

from jtsec.approvals.api import is_under_approval, submit
from jtsec.approvals.models import ApprovalRequest
from jtsec.authentication import api as authentication
from jtsec.core.clock import now
from jtsec.core.exceptions import InputError
from jtsec.identity import api as identities
from jtsec.identity.models import Identity

from .authority import require_administrator, required_reason

KIND: Final = "authentication.extend-validity"


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
        if is_under_approval(KIND):
            return _apply(identity, "reactivate", until, why)
        authentication.reactivate(identity.user, until=until, reason=why)
    return None


def extend(
    identity: Identity, *, until: datetime, reason: str
) -> ApprovalRequest | None:
    """Make an account that has not expired last longer; as `activate`."""
    uid = str(identity.uid)
    require_administrator("extend-validity", f"identity:{uid}", uid)
    why = required_reason(reason)
    if is_under_approval(KIND):
        return _apply(identity, "extend", until, why)
    authentication.extend_validity(identity.user, until, reason=why)
    return None


def _apply(
    identity: Identity, action: str, until: datetime | None, why: str
) -> ApprovalRequest:
    payload: dict[str, Any] = {
        "action": action,
        "until": None if until is None else until.isoformat(),
    }
    resource = f"identity:{identity.uid}"
    return submit(KIND, resource=resource, payload=payload, reason=why)
