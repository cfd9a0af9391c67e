"""The use of a right, given by the holder of a right to pass on (clause A4.8)."""

from __future__ import annotations

from datetime import datetime

from jtsec.audit.api import record
from jtsec.identity.models import Identity, Organization

from .events import RightPassedOn
from .exclusions import require_together
from .gate import policy_gate
from .hands import require_held
from .holdings import held_by
from .models import Propagation, RightGrant
from .passing import ANYBODY, reached, receiver, require_new, shown
from .refusals import refusals_recorded
from .role_book import RoleBook
from .rows import begin, checked_reason
from .validity import until


def grant_use(
    source: Propagation,
    to: Identity,
    *,
    organisation: Organization | str | None = None,
    with_below: bool = True,
    valid_until: datetime | None = None,
    reason: str,
) -> RightGrant:
    """
    Give somebody the use of a right; the holder's of a right to pass on.

    Args:
        source: what the actor holds.
        to: who shall use it, never anybody through whose hands it came.
        organisation: whose data it reaches; the source's where nothing is said.
        with_below: whether the data of organisations under it too.
        valid_until: when it ends by itself; with the source where nothing is said.
        reason: why, in 1 to 200 characters.

    Raises:
        InputError, PolicyRefused: recorded; nothing changed.
    """
    whom = {"resource": source.right, "subject": to.login_name}
    with refusals_recorded("grant-use", **whom), policy_gate(ANYBODY) as by:
        why = checked_reason(reason)
        held = require_held(source, by)
        person = receiver(to, by, held)
        _require_no_conflict(person, held.right)
        row = RightGrant(identity=person, right=held.right, source=held)
        row.organisation = reached(organisation, held)
        row.with_below, row.valid_until = bool(with_below), until(valid_until, held)
        require_new(row)
        begin(row, by, why)
        record(_event(row, why))
    return row


def _require_no_conflict(person: Identity, right: str) -> None:
    """Look at everything the person holds, read under the lock, from whatever hand."""
    others = held_by([person.pk], RoleBook())[person.pk].rights
    require_together(person, {*others, right})


def _event(row: RightGrant, why: str) -> RightPassedOn:
    return RightPassedOn(
        resource=f"identity:{row.identity.uid}",
        subject_username=row.identity.login_name,
        right=row.right,
        after=shown(row, with_below=row.with_below),
        reason=why,
    )
