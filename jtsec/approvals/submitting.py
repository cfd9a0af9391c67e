"""Submits, amends and withdraws: what those do who want something (clause A4.4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.context import Actor
from jtsec.core.exceptions import InputError
from jtsec.core.identifiers import new_id
from jtsec.identity.api import serialised
from jtsec.validation.api import check_plain_text

from .conf import approvals_settings
from .content import application_of, checked_note, checked_reason, pack
from .events import (
    RequestAmended,
    RequestSubmitted,
    RequestWithdrawn,
)
from .judging import acting_person, as_actor, refused
from .kinds import Content, Kind, kind_of
from .models import RESOURCE_LENGTH, SUBJECT_LENGTH, ApprovalRequest, State, StepKind
from .refusals import refusals_recorded
from .rights import missing
from .rows import Held, add_step, begin, keep, locked


def submit(
    kind: str,
    *,
    resource: str,
    payload: Content,
    before: Content | None = None,
    after: Content | None = None,
    reason: str,
) -> ApprovalRequest:
    """
    Apply for something that somebody else must approve.

    Args:
        kind: the code of its kind.
        resource: what it is about, "app.model:pk" or another subject.
        payload: what the executor needs, JSON-able; encrypted.
        before: how the object stands, for who decides and for the form.
        after: how it is to stand.
        reason: why, in words.

    Raises:
        InputError: there is no such kind, or something is malformed.
        ApprovalRefused: who acts has none of the rights to submit; recorded.
    """
    chosen = kind_of(kind)
    why = checked_reason(reason)
    _require_resource(resource)
    with refusals_recorded("submit", kind=chosen.code, about=resource), serialised():
        chosen.check(payload, resource)
        maker = _applicant(chosen, resource)
        row = ApprovalRequest(
            id=new_id(),
            kind=chosen.code,
            resource=resource,
            subject=chosen.subject(resource, payload)[:SUBJECT_LENGTH],
            version=chosen.version_of(resource),
            content=pack(payload, before or {}, after or {}, why),
            makers=[maker.uid],
            maker_uid=maker.uid,
            maker_username=maker.username,
            maker_name=maker.name,
            submitted_at=now(),
            deadline=_deadline(chosen),
        )
        begin(row)
        add_step(row, StepKind.SUBMITTED, maker, note=why)
        keep(row)
        _tell_submitted(row)
    return row


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
        maker = _applicant(kind, row.resource)
        _require_current(held, revision)
        kind.check(payload, row.resource)
        row.subject = kind.subject(row.resource, payload)[:SUBJECT_LENGTH]
        row.version = kind.version_of(row.resource)
        first = application_of(row).reason
        row.content = pack(payload, before or {}, after or {}, first)
        row.makers = sorted({*row.makers, maker.uid})
        row.round, row.step, row.state = row.round + 1, 0, State.PENDING.value
        row.deadline = _deadline(kind)
        add_step(row, StepKind.AMENDED, maker, note=why)
        keep(row)
        _tell_amended(row, why)
    return row


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


def _applicant(kind: Kind, resource: str) -> Actor:
    """Return who acts, who must have one of the rights to submit, on this object."""
    person, about = acting_person(), kind.object_of(resource)
    reasons = [missing(person, right, about) for right in kind.submit_rights]
    if all(reasons):
        raise refused(next(iter(reasons), "right-missing"))
    return as_actor(person)


def _require_resource(resource: str) -> None:
    """Refuse what no column takes; SQLite would, and the audit would cut it."""
    check_plain_text(resource, "resource", max_length=RESOURCE_LENGTH)
    if not resource:
        raise InputError(_("Say what it is about."), field="resource", code="required")


def _require_current(held: Held, revision: int) -> None:
    if not held.row.is_open:
        raise refused("wrong-state")
    if held.row.revision != revision:
        raise refused("stale-revision")


def _deadline(kind: Kind) -> datetime:
    days = timedelta(days=approvals_settings().deadline_days)
    return now() + (kind.deadline or days)


def _tell_submitted(row: ApprovalRequest) -> None:
    application = application_of(row)
    record(
        RequestSubmitted(
            resource=row.reference,
            kind=row.kind,
            about=row.resource,
            reason=application.reason,
            before=application.before,
            after=application.after,
        )
    )


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
