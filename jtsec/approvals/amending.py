"""Amends and takes back what was applied for; only its makers withdraw (A4.4)."""

from __future__ import annotations

from uuid import UUID

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.context import Actor
from jtsec.identity.api import serialised

from .application import Content
from .content import application_of, checked_note, checked_reason, pack
from .events import RequestAmended, RequestWithdrawn
from .judging import acting_person, as_actor
from .kinds import Kind, kind_of
from .models import ApprovalRequest, State, StepKind
from .refusals import refusals_recorded
from .rows import Held, add_step, keep, locked
from .submitting import applicant, deadline_of, subject_of
from .wording import refused


def amend(
    request_id: UUID,
    *,
    revision: int,
    payload: Content,
    before: Content | None = None,
    after: Content | None = None,
    reason: str,
) -> ApprovalRequest:
    """
    Change what is applied for; who does so belongs to its makers from now on.

    What was approved of the former version is void, and the deadline begins anew.

    Args:
        request_id: which.
        revision: the one that was shown.
        payload: as for `submit`.
        before: as for `submit`.
        after: as for `submit`.
        reason: what was changed, and why.

    Raises:
        InputError: something is malformed, or there is no such application.
        ApprovalRefused: no right to submit, changed since, or not open; recorded.
    """
    why = checked_reason(reason)
    with refusals_recorded("amend", request_id), serialised():
        held = locked(request_id)
        row, kind = held.row, kind_of(held.row.kind)
        maker = applicant(kind, row.resource, payload)
        _require_current(held, revision)
        first = application_of(row).reason
        row.content = pack(payload, before or {}, after or {}, first)
        _begin_anew(row, kind, payload, maker)
        add_step(row, StepKind.AMENDED, maker, note=why)
        keep(row)
        _tell_amended(row, why)
    return row


def _begin_anew(
    row: ApprovalRequest, kind: Kind, payload: Content, maker: Actor
) -> None:
    """Put an application before its first step, with one maker more."""
    row.subject = subject_of(kind, row.resource, payload)
    row.version = kind.version_of(row.resource)
    row.makers = sorted({*row.makers, maker.uid})
    row.round, row.step, row.state = row.round + 1, 0, State.PENDING.value
    row.deadline = deadline_of(kind)


def withdraw(request_id: UUID, *, note: str = "") -> ApprovalRequest:
    """
    Take back what one applied for; one of its makers does so.

    Raises:
        InputError: there is no such application, or the note is malformed.
        ApprovalRefused: not theirs, or not open any more; recorded.
    """
    said = checked_note(note)
    with refusals_recorded("withdraw", request_id), serialised():
        held = locked(request_id)
        row, person = held.row, acting_person()
        if str(person.uid) not in row.makers:
            raise refused("not-maker")
        if not row.is_open:
            raise refused("wrong-state")
        row.state, row.closed_at = State.WITHDRAWN.value, now()
        add_step(row, StepKind.WITHDRAWN, as_actor(person), note=said)
        keep(row)
        kind_of(row.kind).ended(application_of(row), row.state)
        record(
            RequestWithdrawn(
                resource=row.reference,
                subject_username=row.maker_username,
                kind=row.kind,
                about=row.resource,
                reason=said,
            )
        )
    return row


def _require_current(held: Held, revision: int) -> None:
    if not held.row.is_open:
        raise refused("wrong-state")
    if held.row.revision != revision:
        raise refused("stale-revision")


def _tell_amended(row: ApprovalRequest, why: str) -> None:
    application = application_of(row)
    record(
        RequestAmended(
            resource=row.reference,
            subject_username=row.maker_username,
            kind=row.kind,
            about=row.resource,
            reason=why,
            before=application.before,
            after=application.after,
        )
    )
