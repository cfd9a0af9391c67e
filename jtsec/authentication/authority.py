"""Who may change accounts of others: a named actor with the duty, never oneself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.context import Actor, current
from jtsec.core.exceptions import CannotVerify, InputError, Refused, VerifiedFalse
from jtsec.identity.api import uid_of, verify_actor
from jtsec.validation.api import check_plain_text

from .conf import authentication_settings
from .events import AccountChangeRefused

REASON_LENGTH = 200


class NotAllowed(Refused):
    """Says that the actor may not do this to this account."""


def require_authority(action: str, user: Any = None) -> Actor:
    """
    Return the actor, who must be known, have the duty, and be somebody else.

    Args:
        action: what is to be done, for the audit.
        user: whose account, None when it is nobody's in particular.

    Raises:
        NotAllowed: recorded. Somebody who could lift their own hours or extend their
            own validity would have no limit at all (clauses A3.2.8, A3.2.9).
    """
    actor = current().actor
    refused = _refusal(actor, user)
    if refused is None:
        return actor
    record(
        AccountChangeRefused(
            resource=f"identity:{uid_of(user)}" if user is not None else action,
            subject_username=user.get_username() if user is not None else "",
            action=action,
            reason=refused.reason,
        )
    )
    raise refused


def required_reason(text: str) -> str:
    """
    Return why something is done, which must be said.

    Raises:
        InputError: it is empty, too long, or holds control characters.
    """
    text = text.strip()
    if not text:
        raise InputError(_("Give a reason."), field="reason", code="required")
    if len(text) > REASON_LENGTH:
        raise InputError(_("The reason is too long."), field="reason", code="too-long")
    check_plain_text(text, field="reason")
    return text


def _refusal(actor: Actor, user: Any) -> NotAllowed | None:
    if actor.kind == "anonymous":
        return NotAllowed("actor-anonymous", _("Somebody must be named for this."))
    if actor.kind != "person":
        return None
    if actor.duty not in authentication_settings().account_duties:
        return NotAllowed("actor-duty", _("Your duty does not include this."))
    if user is not None and actor.uid == uid_of(user):
        return NotAllowed("own-account", _("Nobody changes their own account."))
    try:
        verify_actor()
    except (VerifiedFalse, CannotVerify):
        return NotAllowed("actor-altered", _("Your duty does not include this."))
    return None
