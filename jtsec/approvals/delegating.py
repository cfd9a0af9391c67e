"""
Lets another person approve in one's place for a time, and takes that back.

A delegation lends a right and never the distance: it is refused where it would reach
somebody who has an application of that kind open. It is not passed on: only who has
the right by themselves lends it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from jtsec.audit.api import boundary, record
from jtsec.core.clock import now
from jtsec.core.context import current
from jtsec.core.exceptions import InputError
from jtsec.core.guarding import writing
from jtsec.core.identifiers import new_id
from jtsec.fields.api import apply_seal, check_seal
from jtsec.identity.api import fresh, identity_of, serialised
from jtsec.identity.models import Identity

from .conf import approvals_settings
from .content import checked_reason
from .events import (
    DelegationEnded,
    DelegationMade,
    DelegationRefused,
)
from .exceptions import ApprovalRefused
from .kinds import kind_of
from .lending import refused, require_harmless
from .models import GUARD, Delegation
from .rows import database
from .standing_in import live_delegations

REASON_LENGTH: Final = 200


def delegate(
    to: Any, *, kinds: Iterable[str], until: datetime, reason: str
) -> Delegation:
    """
    Let another person approve in the place of who acts, for a time.

    Args:
        to: the user who is to stand in.
        kinds: codes of the kinds.
        until: to when, at most the setting's days from now.
        reason: why, in words.

    Raises:
        InputError: a kind, the time or the reason cannot be used.
        ApprovalRefused: it would reach the maker of an open application, or nobody
            here has a right to lend; recorded.
    """
    codes = sorted({kind_of(code).code for code in kinds})
    _require_usable(codes, until)
    why = checked_reason(reason)[:REASON_LENGTH]
    try:
        with boundary(), serialised():
            giver, receiver = _acting(), _receiver(to)
            for code in codes:
                require_harmless(giver, receiver, kind_of(code))
            made = _store(giver, receiver, codes, until, why)
            _tell(made, receiver, why)
    except ApprovalRefused as error:
        record(
            DelegationRefused(
                resource=" ".join(codes)[:255],
                subject_username=to.get_username(),
                reason=error.reason,
            )
        )
        raise
    return made


def end_delegation(delegation_id: UUID, *, reason: str) -> Delegation:
    """
    Take back that somebody stands in; who gave it, or who received it, does so.

    Raises:
        InputError: there is none of that number in force for who acts.
        RowSealBroken, CannotVerify: it was altered; nothing is sealed anew over that.
    """
    why = checked_reason(reason)[:REASON_LENGTH]
    with boundary(), serialised():
        own = str(_acting().uid)
        mine = Q(giver_uid=own) | Q(receiver_uid=own)
        row = (
            live_delegations()
            .filter(mine, pk=delegation_id)
            .select_for_update()
            .first()
        )
        if row is None:
            raise InputError(_("This is not there any more."), code="ended")
        check_seal(row)
        row.ended_at, row.ended_by, row.ended_why = now(), own, why
        apply_seal(row)
        with writing(GUARD):
            row.save(using=database(), force_update=True)
        record(DelegationEnded(resource=f"jtsec.delegation:{row.pk}", reason=why))
    return row


def delegations_of(user: Any) -> list[Delegation]:
    """Return the delegations somebody gave or received and that are in force."""
    identity = identity_of(user)
    if identity is None:
        return []
    own = str(identity.uid)
    return list(live_delegations().filter(Q(giver_uid=own) | Q(receiver_uid=own)))


def _require_usable(codes: list[str], until: datetime) -> None:
    if not codes:
        raise InputError(_("Choose what it is for."), field="kinds", code="empty")
    days = approvals_settings().delegation_days
    if not now() < until <= now() + timedelta(days=days):
        message = _("Choose an end within the next %(days)d days.") % {"days": days}
        raise InputError(message, field="until", code="out-of-range")


def _acting() -> Identity:
    actor = current().actor
    if actor.kind != "person" or not actor.uid:
        raise refused("anonymous")
    return fresh(actor.uid)


def _receiver(to: Any) -> Identity:
    identity = identity_of(to)
    if identity is None:
        raise InputError(_("This person is not registered."), field="to")
    return fresh(identity.uid)


def _store(
    giver: Identity, receiver: Identity, codes: list[str], until: datetime, why: str
) -> Delegation:
    made = Delegation(
        id=new_id(),
        giver_uid=str(giver.uid),
        giver_name=giver.name,
        receiver_uid=str(receiver.uid),
        receiver_name=receiver.name,
        kinds=codes,
        made_at=now(),
        valid_until=until,
        reason=why,
    )
    apply_seal(made)
    with writing(GUARD):
        made.save(using=database(), force_insert=True)
    return made


def _tell(made: Delegation, receiver: Identity, why: str) -> None:
    record(
        DelegationMade(
            resource=f"jtsec.delegation:{made.pk}",
            subject_username=receiver.user.get_username(),
            reason=why,
            after={"kinds": made.kinds, "until": made.valid_until},
        )
    )
