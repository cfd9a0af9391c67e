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

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.acts import require_leave
from jtsec.identity.api import fresh
from jtsec.identity.models import Identity, Organization

from .conf import access_settings
from .events import PropagationGiven
from .gate import Authority, PolicyRefused, policy_gate
from .hands import require_held
from .models import Propagation
from .passing import ANYBODY, reached, receiver, require_new, shown
from .propagation_rules import (
    require_depth,
    require_fit,
    require_propagatable,
)
from .reach import (
    known_organisation,
    require_organisation_in_reach,
    require_person_in_reach,
)
from .refusals import refusals_recorded
from .rows import begin, checked_reason
from .validity import future, until

ACT: Final = "access.propagate"
"""Giving the first hand the right to pass on; what holders do needs no other leave."""


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
        InputError, PolicyRefused: recorded; nothing changed.
        jtsec.core.acts.ApprovalRequired: it is put under approval.
    """
    whom = {"resource": right, "subject": identity.login_name}
    with refusals_recorded("give-propagation", **whom), policy_gate() as by:
        require_leave(ACT, person=str(identity.uid), right=right)
        why = checked_reason(reason)
        person = _first_holder(identity, by, right)
        require_depth(depth, access_settings().propagation_depth)
        where = known_organisation(organisation)
        require_organisation_in_reach(by, where)
        row = Propagation(identity=person, right=right, organisation=where, depth=depth)
        row.valid_until = future(valid_until)
        row.chain = [by.name, str(person.uid)]
        return _begun(row, by, why)


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
    Pass a right to pass on, on; the holder's to do (A4.8, A4.9).

    Args:
        source: what the actor holds.
        to: the next hand, of the source's organisation or below.
        depth: through how many hands it may go from there; less than the source's.
        organisation: to whose people; the source's where nothing is said.
        valid_until: when it ends by itself; with the source where nothing is said.
        reason: why, in 1 to 200 characters.

    Raises:
        InputError, PolicyRefused: recorded; nothing changed.
    """
    whom = {"resource": source.right, "subject": to.login_name}
    with refusals_recorded("pass-propagation", **whom), policy_gate(ANYBODY) as by:
        why = checked_reason(reason)
        held = require_held(source, by)
        person = receiver(to, by, held)
        require_depth(depth, held.depth - 1)
        row = Propagation(identity=person, right=held.right, depth=depth, source=held)
        row.organisation = reached(organisation, held)
        row.valid_until = until(valid_until, held)
        row.chain = [*held.chain, str(person.uid)]
        return _begun(row, by, why)


def _first_holder(identity: Identity, by: Authority, right: str) -> Identity:
    """Return whom the administrator gives it to: somebody else, within reach."""
    require_propagatable(right)
    person = fresh(identity.uid)
    if by.identity is not None and by.identity.pk == person.pk:
        raise PolicyRefused("oneself", _("Nobody passes a right on to themselves."))
    require_fit(person, right)
    require_person_in_reach(by, person)
    return person


def _begun(row: Propagation, by: Authority, why: str) -> Propagation:
    require_new(row)
    begin(row, by, why)
    record(
        PropagationGiven(
            resource=f"identity:{row.identity.uid}",
            subject_username=row.identity.login_name,
            right=row.right,
            after=shown(row, depth=row.depth, chain=list(row.chain)),
            reason=why,
        )
    )
    return row
