"""
One application in hand: locked, its seal whole, and none of its steps missing.

Whoever can write to the database could take a name out of the makers, an approval of
another application into this one, or a rejection away. Each of these breaks a seal or
the tie between the steps; then nothing is decided any more, and an alarm is raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import router
from django.db.models import F
from django.utils.translation import gettext as _

from jtsec.core.clock import now
from jtsec.core.context import Actor
from jtsec.core.exceptions import InputError
from jtsec.core.guarding import writing
from jtsec.core.identifiers import new_id
from jtsec.fields.api import RowSealBroken, apply_seal, check_seal
from jtsec.identity.models import Identity

from .models import GUARD, ApprovalRequest, ApprovalStep, StepKind


@dataclass(frozen=True)
class Held:
    """
    An application and all that was done with it, verified.

    Args:
        row: as the database holds it.
        steps: its history, oldest first.
    """

    row: ApprovalRequest
    steps: Sequence[ApprovalStep]


def database() -> str:
    """Return the alias of the database that holds the applications."""
    return router.db_for_write(ApprovalRequest)


def locked(request_id: UUID) -> Held:
    """
    Return an application as it is now, locked until the transaction ends.

    Raises:
        InputError: there is none of that number.
        VerifiedFalse: it, or one of its steps, was altered.
        CannotVerify: a key is missing.
    """
    rows = ApprovalRequest.objects.using(database()).filter(pk=request_id)
    with writing(GUARD):
        # Changing nothing locks the row on SQLite too.
        rows.update(revision=F("revision"))
    return _verified(rows.select_for_update().first())


def read(request_id: UUID) -> Held:
    """Return an application for a page, without a lock; raises as `locked`."""
    return _verified(ApprovalRequest.objects.filter(pk=request_id).first())


def keep(row: ApprovalRequest) -> None:
    """Store an application under a new seal; the caller has checked the old one."""
    row.revision += 1
    apply_seal(row)
    with writing(GUARD):
        row.save(using=database(), force_update=True)


def begin(row: ApprovalRequest) -> None:
    """Store a new application."""
    apply_seal(row)
    with writing(GUARD):
        row.save(using=database(), force_insert=True)


def add_step(
    row: ApprovalRequest,
    kind: StepKind,
    actor: Actor,
    *,
    note: str = "",
    in_place_of: Identity | None = None,
) -> ApprovalStep:
    """Add what was done, tied to what was done before; the caller keeps the row."""
    done = ApprovalStep(
        id=new_id(),
        request=row,
        number=row.steps_taken + 1,
        kind=kind.value,
        round=row.round,
        step=row.step,
        revision=row.revision,
        at=now(),
        actor_uid=actor.uid,
        actor_username=actor.username[:254],
        actor_name=actor.name[:150],
        actor_duty=actor.duty[:16],
        for_uid="" if in_place_of is None else str(in_place_of.uid),
        for_name="" if in_place_of is None else in_place_of.name,
        note=note,
        former=row.last_step,
    )
    apply_seal(done)
    with writing(GUARD):
        done.save(using=database(), force_insert=True)
    row.steps_taken, row.last_step = done.number, str(done.id)
    return done


def _verified(row: ApprovalRequest | None) -> Held:
    if row is None:
        raise InputError(_("There is no such application."), code="unknown")
    check_seal(row)
    steps = list(row.steps.order_by("number"))
    _require_whole(row, steps)
    return Held(row, steps)


def _require_whole(row: ApprovalRequest, steps: Sequence[ApprovalStep]) -> None:
    """
    Return if no step is missing, added or altered.

    Each is sealed with the id of the one before, and the application with the last.
    """
    former = ""
    for number, step in enumerate(steps, 1):
        check_seal(step)
        if step.number != number or step.former != former:
            raise RowSealBroken(f"the steps of {row.reference} do not follow")
        former = str(step.id)
    if len(steps) != row.steps_taken or former != row.last_step:
        raise RowSealBroken(f"steps of {row.reference} are missing")
