"""
Rights are passed on from hand to hand (clauses A4.8, A4.9).

    administrator --give_propagation--> a   a may pass the right on, and not use it
    a --pass_propagation--> b               b may pass it on, one hand less deep
    b --grant_use--> c                      c may use it

The right to pass on is a row of its own, at which no decision about use ever looks.
Nothing goes back to a hand it came through, and what is declared not propagatable goes
nowhere. Taking it back from one takes it from everybody who has it from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.acts import require_leave
from jtsec.core.exceptions import InputError
from jtsec.identity.api import fresh
from jtsec.identity.models import Identity, Organization

from .conf import access_settings
from .events import PropagationGiven, RightPassedOn
from .exclusions import require_together
from .gate import PolicyRefused, policy_gate
from .holdings import RoleBook, held_by
from .models import Propagation, RightGrant
from .propagation_rules import (
    require_active,
    require_another,
    require_depth,
    require_held,
    require_propagatable,
    require_within,
    until,
)
from .reach import (
    known_organisation,
    require_organisation_in_reach,
    require_person_in_reach,
)
from .refusals import refusals_recorded
from .rows import alive, begin, checked_reason
from .validity import future

ACT: Final = "access.propagate"
ANYBODY: Final = None
"""Whose duty passes on: the holder's, whatever it is."""


def give_propagation(
    identity: Identity,
    right: str,
    *,
    depth: int,
    organisation: Organization | str,
    valid_until: datetime | None = None,
    reason: str,
) -> Propagation:
    """
    Let somebody pass a right on; the security administrator's to give (A4.8).

    Args:
        identity: the future holder, who does not get the right itself.
        right: a function declared propagatable.
        depth: through how many further hands it may go; 0: for use only.
        organisation: to whose people, those below included; itself or its code.
        valid_until: when it ends by itself.
        reason: why, in 1 to 200 characters.

    Raises:
        InputError: something is malformed or unknown; nothing changed.
        PolicyRefused: the actor may not, the right cannot be passed on, or is none
            that this person could use.
        jtsec.core.acts.ApprovalRequired: it is put under approval.
    """
    require_leave(ACT, person=str(identity.uid), right=right)
    subject = identity.login_name
    with (
        refusals_recorded("give-propagation", resource=right, subject=subject),
        policy_gate() as by,
    ):
        why = checked_reason(reason)
        require_propagatable(right)
        person = fresh(identity.uid)
        if by.identity is not None and by.identity.pk == person.pk:
            raise PolicyRefused("oneself", _("Nobody passes a right on to themselves."))
        require_active(person)
        require_together(person, [right])
        require_depth(depth, access_settings().propagation_depth)
        where = known_organisation(organisation)
        require_person_in_reach(by, person)
        require_organisation_in_reach(by, where)
        row = Propagation(
            identity=person,
            right=right,
            organisation=where,
            depth=depth,
            valid_until=future(valid_until),
            chain=[by.name, str(person.uid)],
        )
        _require_new(row)
        _given(begin(row, by, why), why)
    return row


def pass_propagation(
    source: Propagation,
    to: Identity,
    *,
    depth: int = 0,
    organisation: Organization | str | None = None,
    valid_until: datetime | None = None,
    reason: str,
) -> Propagation:
    """
    Pass a right to pass on, on; the holder's to do.

    Args:
        source: what the actor holds.
        to: the next hand, of the source's organisation or below.
        depth: through how many hands it may go from there; less than the source's.
        organisation: to whose people; the source's where nothing is said.
        valid_until: when it ends by itself; with the source where nothing is said.
        reason: why, in 1 to 200 characters.

    Raises:
        InputError: something is malformed, ended or expired; nothing changed.
        PolicyRefused: "not-the-holder", "oneself", "circle", "depth-used-up",
            "not-propagatable", "other-organisation", "foreign-duty", "police-only",
            or a row on the way was altered.
        jtsec.core.acts.ApprovalRequired: it is put under approval.
    """
    require_leave(ACT, person=str(to.uid), right=source.right)
    subject = to.login_name
    with (
        refusals_recorded("pass-propagation", resource=source.right, subject=subject),
        policy_gate(ANYBODY) as by,
    ):
        why = checked_reason(reason)
        held = require_held(source, by)
        require_propagatable(held.right)
        person = fresh(to.uid)
        require_another(person, by, held)
        require_active(person)
        require_together(person, [held.right])
        require_depth(depth, held.depth - 1)
        require_within(held, person.organisation)
        row = Propagation(
            identity=person,
            right=held.right,
            organisation=_where(organisation, held),
            depth=depth,
            valid_until=until(future(valid_until), held),
            source=held,
            chain=[*held.chain, str(person.uid)],
        )
        _require_new(row)
        _given(begin(row, by, why), why)
    return row


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
        InputError, PolicyRefused, ApprovalRequired: as `pass_propagation`; also
            "conflict": the person would hold two functions that exclude each other.
    """
    require_leave(ACT, person=str(to.uid), right=source.right)
    subject = to.login_name
    with (
        refusals_recorded("grant-use", resource=source.right, subject=subject),
        policy_gate(ANYBODY) as by,
    ):
        why = checked_reason(reason)
        held = require_held(source, by)
        require_propagatable(held.right)
        person = fresh(to.uid)
        require_another(person, by, held)
        require_active(person)
        others = held_by([person.pk], RoleBook())[person.pk].rights
        require_together(person, {*others, held.right})
        require_within(held, person.organisation)
        row = RightGrant(
            identity=person,
            right=held.right,
            organisation=_where(organisation, held),
            with_below=with_below,
            valid_until=until(future(valid_until), held),
            source=held,
        )
        _require_new(row)
        begin(row, by, why)
        record(
            RightPassedOn(
                resource=f"identity:{person.uid}",
                subject_username=subject,
                right=row.right,
                after={**dict(_shown(row)), "with_below": with_below},
                reason=why,
            )
        )
    return row


def _where(wanted: Organization | str | None, source: Propagation) -> Organization:
    if wanted is None:
        return source.organisation
    found = known_organisation(wanted)
    require_within(source, found)
    return found


def _require_new(row: Propagation | RightGrant) -> None:
    """Refuse the same once more: taking one back would leave the other."""
    same = type(row)._default_manager.filter(
        alive(),
        identity=row.identity,
        right=row.right,
        source=row.source,
        organisation=row.organisation,
    )
    if same.exists():
        raise InputError(_("The person has this already."), code="no-change")


def _given(row: Propagation, why: str) -> None:
    record(
        PropagationGiven(
            resource=f"identity:{row.identity.uid}",
            subject_username=row.identity.login_name,
            right=row.right,
            after={**dict(_shown(row)), "depth": row.depth, "chain": list(row.chain)},
            reason=why,
        )
    )


def _shown(row: Propagation | RightGrant) -> Iterator[tuple[str, object]]:
    yield "organisation", row.organisation.code
    yield "valid_until", row.valid_until.isoformat() if row.valid_until else ""
