"""Writes refused steps down, after the rollback they cause, with the exact reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from jtsec.audit.api import boundary, record
from jtsec.core.exceptions import CannotVerify, VerifiedFalse

from .events import (
    ExecutionFailure,
    RequestFoundBroken,
    RequestNotVerified,
    RequestStepRefused,
    SelfApprovalRefused,
)
from .exceptions import ApprovalRefused, ExecutionFailed
from .judging import OWN
from .models import ApprovalRequest
from .wording import NOT_BELIEVED


@contextmanager
def refusals_recorded(
    step: str, request_id: UUID | None = None, *, kind: str = "", about: str = ""
) -> Iterator[None]:
    """
    Record what the block refuses; stands outside of the transaction.

    Opens a boundary, so that an alarm raised inside survives the rollback as well
    where no request has opened one.

    Args:
        step: what was tried.
        request_id: with which application, None for a new one.
        kind: of the new one.
        about: its resource.

    Raises:
        ApprovalRefused: also where a row was altered or cannot be verified.
    """
    try:
        with boundary():
            yield
    except ApprovalRefused as error:
        _refused(step, request_id, kind, about, error.reason)
        raise
    except VerifiedFalse as error:
        resource = reference(request_id)
        why = str(error)[:200]
        record(RequestFoundBroken(resource=resource, step=step, reason=why))
        raise ApprovalRefused("broken", str(NOT_BELIEVED)) from error
    except CannotVerify as error:
        resource = reference(request_id)
        why = str(error)[:200]
        record(RequestNotVerified(resource=resource, step=step, reason=why))
        raise ApprovalRefused("cannot-verify", str(NOT_BELIEVED)) from error


def failure_recorded(row: ApprovalRequest, error: Exception) -> None:
    """Record that an executor failed, after the rollback; with the exact cause."""
    cause = error.__cause__ if isinstance(error, ExecutionFailed) else error
    reason = getattr(cause, "reason", "") or getattr(cause, "code", "")
    kind_of_error = type(cause).__name__
    record(
        ExecutionFailure(
            resource=row.reference,
            subject_username=row.maker_username,
            kind=row.kind,
            about=row.resource,
            reason=f"{kind_of_error} {reason}".strip()[:200],
        )
    )


def refusal_recorded(row: ApprovalRequest, step: str, reason: str) -> None:
    """Record what was refused outside of the choke point, such as a look."""
    record(
        RequestStepRefused(
            resource=row.reference,
            subject_username=row.maker_username,
            kind=row.kind,
            about=row.resource,
            step=step,
            reason=reason,
        )
    )


def reference(request_id: UUID | None) -> str:
    """Return how the audit names an application."""
    return f"jtsec.approvalrequest:{request_id or 'new'}"


def _refused(
    step: str, request_id: UUID | None, kind: str, about: str, reason: str
) -> None:
    row = _known(request_id)
    if row is not None:
        kind, about = row.kind, row.resource
    told = SelfApprovalRefused if reason in OWN else RequestStepRefused
    record(
        told(
            resource=reference(request_id),
            subject_username="" if row is None else row.maker_username,
            kind=kind,
            about=about[:255],
            step=step,
            reason=reason,
        )
    )


def _known(request_id: UUID | None) -> ApprovalRequest | None:
    if request_id is None:
        return None
    rows = ApprovalRequest.objects.filter(pk=request_id).defer("content")
    return rows.first()
