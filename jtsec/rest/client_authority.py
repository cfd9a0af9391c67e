"""Who may register and end clients: a security administrator, or a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.context import Actor, current
from jtsec.core.exceptions import CannotVerify, InputError, Refused, VerifiedFalse
from jtsec.identity.api import descendants, fresh, verify
from jtsec.identity.models import Duty, Identity
from jtsec.validation.api import check_plain_text

from .events import ClientChangeRefused
from .exceptions import ClientRefused

REASON_LENGTH: Final = 200


def require_registrar(account: Identity) -> Actor:
    """
    Return the actor, who may give and take keys of this account.

    Args:
        account: the account that answers for the client.

    Raises:
        ClientRefused: nobody acts, or without the duty, or the account lies beyond
            the actor's organisation.
    """
    actor = current().actor
    if actor.kind == "anonymous":
        raise ClientRefused("actor-anonymous", _("Somebody must be named for this."))
    if actor.kind == "person":
        _require_duty_and_reach(actor, account)
    return actor


def require_answerable(account: Identity) -> None:
    """
    Return if an account may answer for a client.

    Raises:
        ClientRefused: it was altered, is an administrator's, or is not in use.
    """
    try:
        verify(account)
    except (VerifiedFalse, CannotVerify) as error:
        sentence = _("This account is not sound.")
        raise ClientRefused("account-altered", sentence) from error
    if account.duty != Duty.BUSINESS:
        # Whoever held the key of an administrator would be one, unseen.
        raise ClientRefused(
            "account-duty", _("Only a business account answers for a client.")
        )
    if not account.is_active:
        raise ClientRefused("account-inactive", _("This account is not in use."))


@contextmanager
def refusals_recorded(action: str, resource: str) -> Iterator[None]:
    """Write down what the block refuses, with the exact reason; around the atomic."""
    try:
        yield
    except (InputError, Refused, VerifiedFalse, CannotVerify) as error:
        record(
            ClientChangeRefused(
                resource=resource,
                action=action,
                reason=_reason(error),
                detail=error.field if isinstance(error, InputError) else "",
            )
        )
        raise


def checked_reason(text: object) -> str:
    """
    Return why something is done, which must be said.

    Raises:
        InputError: it is no plain text, empty, or too long.
    """
    why = check_plain_text(text, "reason", max_length=REASON_LENGTH).strip()
    if not why:
        raise InputError(_("Give a reason."), field="reason", code="empty")
    return why


def _require_duty_and_reach(actor: Actor, account: Identity) -> None:
    try:
        # As the database holds them: the request may be from before a change of duty.
        identity = fresh(actor.uid)
    except (InputError, VerifiedFalse, CannotVerify) as error:
        raise ClientRefused("actor-altered", _not_included()) from error
    if identity.duty != Duty.SECURITY or not identity.is_active:
        raise ClientRefused("actor-duty", _not_included())
    reached = descendants(identity.organisation)
    if not reached.filter(pk=account.organisation_id).exists():
        raise ClientRefused("other-organisation", _not_included())


def _reason(error: Exception) -> str:
    if isinstance(error, InputError):
        return error.code
    if isinstance(error, Refused):
        return error.reason
    return "seal-broken" if isinstance(error, VerifiedFalse) else "cannot-verify"


def _not_included() -> str:
    return str(_("Your duty does not include this."))
