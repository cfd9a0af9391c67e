"""Submits what somebody wants and another must approve (clause A4.4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.context import Actor
from jtsec.core.exceptions import InputError
from jtsec.core.identifiers import new_id
from jtsec.identity.api import serialised
from jtsec.identity.models import Identity
from jtsec.validation.api import check_plain_text

from .application import Content
from .conf import approvals_settings
from .content import application_of, checked_reason, pack
from .events import RequestSubmitted
from .judging import acting_person, as_actor
from .kinds import Kind, kind_of
from .models import RESOURCE_LENGTH, SUBJECT_LENGTH, ApprovalRequest, StepKind
from .refusals import refusals_recorded
from .rights import missing
from .rows import add_step, begin, keep
from .wording import refused


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
    chosen, why = kind_of(kind), checked_reason(reason)
    content = pack(payload, before or {}, after or {}, why)
    _require_resource(resource)
    with refusals_recorded("submit", kind=chosen.code, about=resource), serialised():
        maker = applicant(chosen, resource, payload)
        row = _new(chosen, resource, payload, maker)
        row.content = content
        begin(row)
        add_step(row, StepKind.SUBMITTED, maker, note=why)
        keep(row)
        _tell(row)
    return row


def applicant(kind: Kind, resource: str, payload: Content) -> Actor:
    """
    Return who acts, who must have one of the rights to submit, on this object.

    Without any of the rights nothing is said of the payload: who may not apply does
    not learn by trying which persons and numbers there are.

    Raises:
        ApprovalRefused: they have none.
        InputError: the payload makes no sense.
    """
    person = acting_person()
    _require_right(person, kind)
    kind.check(payload, resource)
    about = kind.object_of(resource)
    if about is not None:
        _require_right(person, kind, about)
    return as_actor(person)


def deadline_of(kind: Kind) -> datetime:
    """Return until when an application that is made now may wait."""
    days = timedelta(days=approvals_settings().deadline_days)
    return now() + (kind.deadline or days)


def subject_of(kind: Kind, resource: str, payload: Content) -> str:
    """Return the few words for lists."""
    return kind.subject(resource, payload)[:SUBJECT_LENGTH]


def _require_right(person: Identity, kind: Kind, about: Any = None) -> None:
    reasons = [missing(person, right, about) for right in kind.submit_rights]
    if all(reasons):
        raise refused(reasons[0])


def _require_resource(resource: str) -> None:
    """Refuse what no column takes; SQLite would, and the audit would cut it."""
    check_plain_text(resource, "resource", max_length=RESOURCE_LENGTH)
    if not resource:
        raise InputError(_("Say what it is about."), field="resource", code="required")


def _new(kind: Kind, resource: str, payload: Content, maker: Actor) -> ApprovalRequest:
    return ApprovalRequest(
        id=new_id(),
        kind=kind.code,
        resource=resource,
        subject=subject_of(kind, resource, payload),
        version=kind.version_of(resource),
        makers=[maker.uid],
        maker_uid=maker.uid,
        maker_username=maker.username,
        maker_name=maker.name,
        submitted_at=now(),
        deadline=deadline_of(kind),
    )


def _tell(row: ApprovalRequest) -> None:
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
