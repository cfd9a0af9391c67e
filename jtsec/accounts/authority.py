"""Who may review, suspend and reset accounts: a known actor with the duty."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.context import Actor, current
from jtsec.core.exceptions import CannotVerify, InputError, Refused, VerifiedFalse
from jtsec.identity.api import verify_actor
from jtsec.identity.conf import identity_settings
from jtsec.validation.api import check_plain_text

from .events import ActRefused

REASON_LENGTH: Final = 200


class NotAllowed(Refused):
    """Says that the actor may not do this to accounts."""


def require_administrator(action: str, resource: str, uid: str = "") -> Actor:
    """
    Return the actor, who must be known, have the duty, and be somebody else.

    Args:
        action: what is to be done, for the audit.
        resource: to what, for the audit.
        uid: whose account it is, "" when it is nobody's in particular.

    Raises:
        NotAllowed: recorded.
    """
    actor = current().actor
    refused = _refusal(actor, uid)
    if refused is not None:
        record(ActRefused(resource=resource, action=action, reason=refused.reason))
        raise refused
    return actor


def required_reason(text: object) -> str:
    """
    Return why something is done, which must be said.

    Raises:
        InputError: it is no plain text, empty, or too long.
    """
    why = check_plain_text(text, "reason", max_length=REASON_LENGTH).strip()
    if not why:
        raise InputError(_("Give a reason."), field="reason", code="empty")
    return why


def shown_actor(actor: Actor) -> str:
    """Return an actor as records of ours name them: name and login name."""
    if actor.name and actor.name != actor.username:
        return f"{actor.name} ({actor.username})"[:200]
    return actor.username[:200]


def _refusal(actor: Actor, uid: str) -> NotAllowed | None:
    if actor.kind == "anonymous":
        return NotAllowed("actor-anonymous", _("Somebody must be named for this."))
    if actor.kind != "person":
        return None
    if actor.duty not in identity_settings().manager_duties:
        return NotAllowed("actor-duty", _("Your duty does not include this."))
    if uid and actor.uid == uid:
        return NotAllowed("own-account", _("Nobody changes their own account."))
    try:
        # Whoever got the duty by SQL has a broken seal, and no say here.
        verify_actor()
    except (VerifiedFalse, CannotVerify):
        return NotAllowed("actor-altered", _("Your duty does not include this."))
    return None
