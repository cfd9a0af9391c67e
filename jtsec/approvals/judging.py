"""
The choke point: whether this person may take this step with this application, now.

Pages, REST, the admin, bulk and delegates all come through `judge`, under the locks of
identities and of the application. Roles are not asked who made something, the
application is: whatever was granted or taken in between, a maker stays a maker
(clause A4.4). There is no exemption for the only approver there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jtsec.core.clock import now
from jtsec.core.context import Actor, current
from jtsec.core.exceptions import InputError
from jtsec.identity.api import fresh
from jtsec.identity.models import Identity

from .closings import require_never_closed
from .content import application_of
from .kinds import Kind
from .models import MAKING, OPEN, ApprovalRequest, State, StepKind
from .rights import missing, stands_in_way
from .rows import Held
from .standing_in import givers_for
from .wording import refused

OWN: Final = frozenset(
    ("self-approval", "earlier-checker", "delegate-of-maker", "delegate-of-checker")
)
"""Reasons that mean: who made or checked it tried to check it again."""

STATES: Final = {
    StepKind.APPROVED: (State.PENDING,),
    # Who is to carry it out may send it back as well.
    StepKind.REJECTED: OPEN,
    StepKind.EXECUTED: (State.APPROVED,),
}


@dataclass(frozen=True)
class Verdict:
    """
    Who decides, and in whose place.

    Args:
        actor: as the audit writes people down, read under the lock.
        in_place_of: whose right is used; None for one's own.
    """

    actor: Actor
    in_place_of: Identity | None


def judge(held: Held, kind: Kind, step: StepKind, revision: int) -> Verdict:
    """
    Let somebody take a step, or refuse.

    Args:
        held: the application under its lock, verified.
        kind: its kind.
        step: approve, reject or carry out.
        revision: the one that the person was shown.

    Raises:
        ApprovalRefused: with the exact reason.
        RowSealBroken: it was closed before and put back by SQL.
    """
    row = held.row
    person = acting_person()
    makers = makers_of(held, kind)
    if str(person.uid) in makers:
        raise refused("self-approval")
    _require_current(row, step, revision)
    if str(person.uid) in checkers_of(held):
        raise refused("earlier-checker")
    giver = _authority(person, held, kind, makers)
    # What is out of date is not done; who may decide sends it back all the same.
    is_done = step is not StepKind.REJECTED
    if is_done and kind.version_of(row.resource) != row.version:
        raise refused("stale-object")
    return Verdict(as_actor(person), giver)


def _require_current(row: ApprovalRequest, step: StepKind, revision: int) -> None:
    """
    Refuse what comes too late: a form that was sent already, or opened long ago.

    Asked before who checked earlier, so that a button pressed twice is not told as an
    attempt to approve twice.
    """
    if row.state not in STATES[step]:
        raise refused("wrong-state")
    require_never_closed(row)
    if row.revision != revision:
        raise refused("stale-revision")
    if row.deadline <= now():
        raise refused("expired")


def acting_person() -> Identity:
    """
    Return who acts, as the database holds them now, verified.

    A command at the console is nobody who could be held against the makers; the
    session's user may be from before a change.

    Raises:
        ApprovalRefused: nobody acts, or no person.
        SealBroken, CannotVerify: the identity was altered; recorded.
    """
    actor = current().actor
    if actor.kind != "person" or not actor.uid:
        raise refused("anonymous")
    try:
        return fresh(actor.uid)
    except InputError as error:
        raise refused("anonymous") from error


def makers_of(held: Held, kind: Kind) -> frozenset[str]:
    """Return everybody who raised or edited the application or its object."""
    row = held.row
    by_steps = {one.actor_uid for one in held.steps if one.kind in MAKING}
    touched = {str(uid) for uid in kind.touched(row.resource, _payload(held))}
    return frozenset({row.maker_uid, *row.makers, *by_steps, *touched})


def checkers_of(held: Held) -> frozenset[str]:
    """Return who approved in this round, and those in whose place they did."""
    return frozenset(_checkers(held))


def right_for(row: ApprovalRequest, kind: Kind) -> str:
    """Return the right that the next step takes."""
    if row.state == State.APPROVED:
        return kind.execute_right
    # A kind that was given fewer steps since must not let one slip through.
    return kind.steps[min(row.step, len(kind.steps) - 1)].right


def _authority(
    person: Identity, held: Held, kind: Kind, makers: frozenset[str]
) -> Identity | None:
    """Return in whose place somebody decides, None for by their own right."""
    row = held.row
    right, about = right_for(row, kind), kind.object_of(row.resource)
    reason = missing(person, right, about)
    if not reason:
        return None
    for giver in givers_for(person, kind):
        if stands_in_way(person, giver, right, about):
            continue
        if str(giver.uid) in makers:
            reason = "delegate-of-maker"
        elif str(giver.uid) in checkers_of(held):
            reason = "delegate-of-checker"
        else:
            return giver
    raise refused(reason)


def _checkers(held: Held) -> Iterator[str]:
    for one in held.steps:
        if one.kind == StepKind.APPROVED and one.round == held.row.round:
            yield one.actor_uid
            if one.for_uid:
                yield one.for_uid


def _payload(held: Held) -> dict[str, object]:
    return dict(application_of(held.row).payload)


def as_actor(person: Identity) -> Actor:
    """Return a person as the audit writes people down, read under the lock."""
    return Actor(
        kind="person",
        uid=str(person.uid),
        username=person.user.get_username(),
        name=person.name,
        is_police=person.is_police,
        organisation=person.organisation.code,
        duty=person.duty,
    )
