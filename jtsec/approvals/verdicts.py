"""
Approves, rejects and carries out: what others than the makers do (clauses A4.4, P45).

Each is one transaction: the locks, the choke point, the step, the state, the events;
and with the last approval, or the third person's word, what was applied for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.exceptions import InputError, Refused
from jtsec.identity.api import serialised

from .carrying_out import carry_out
from .content import application_of, checked_note, checked_reason
from .events import RequestApproved, RequestRejected
from .exceptions import ExecutionFailed
from .judging import Verdict, judge
from .kinds import Kind, kind_of
from .models import ApprovalRequest, State, StepKind
from .refusals import failure_recorded, refusals_recorded
from .rows import add_step, keep, locked

Change = Callable[[ApprovalRequest, Kind, Verdict], None]


def approve(request_id: UUID, *, revision: int, note: str = "") -> ApprovalRequest:
    """
    Approve an application's next step; the last one has it carried out.

    Args:
        request_id: which.
        revision: the one that was shown: what changed since is not approved unseen.
        note: what who approves says.

    Raises:
        InputError: there is no such application, or the note is malformed; or the
            executor says so.
        ApprovalRefused: who acts made or checked it, lacks the right, or it changed;
            recorded.
        ExecutionFailed: it could not be carried out; nothing is kept, not even the
            approval; recorded.
    """
    said = checked_note(note)

    def change(row: ApprovalRequest, kind: Kind, verdict: Verdict) -> None:
        _add(row, StepKind.APPROVED, verdict, said)
        row.step += 1
        record(RequestApproved(**_about(row, verdict), step=row.step, reason=said))
        if row.step < len(kind.steps):
            return
        if kind.execute_right:
            row.state = State.APPROVED.value
            return
        _finish(row, kind, verdict, said)

    return _take(request_id, StepKind.APPROVED, revision, change)


def reject(request_id: UUID, *, revision: int, note: str) -> ApprovalRequest:
    """
    Reject an application, for a reason; raises as `approve`.

    Who made it does not reject it either: they withdraw it.
    """
    said = checked_reason(note, "note")

    def change(row: ApprovalRequest, kind: Kind, verdict: Verdict) -> None:
        row.state, row.closed_at = State.REJECTED.value, now()
        _add(row, StepKind.REJECTED, verdict, said)
        kind.ended(application_of(row), row.state)
        record(RequestRejected(**_about(row, verdict), step=row.step, reason=said))

    return _take(request_id, StepKind.REJECTED, revision, change)


def execute(request_id: UUID, *, revision: int, note: str = "") -> ApprovalRequest:
    """
    Carry out what was approved, as a third person (clause P45); raises as `approve`.

    Neither who applied nor who approved does so.
    """
    said = checked_note(note)

    def change(row: ApprovalRequest, kind: Kind, verdict: Verdict) -> None:
        _finish(row, kind, verdict, said)

    return _take(request_id, StepKind.EXECUTED, revision, change)


def _take(
    request_id: UUID, step: StepKind, revision: int, change: Change
) -> ApprovalRequest:
    try:
        with refusals_recorded(step.value, request_id), serialised():
            held = locked(request_id)
            row, kind = held.row, kind_of(held.row.kind)
            verdict = judge(held, kind, step, revision)
            change(row, kind, verdict)
            keep(row)
    except _Failed as failed:
        failure_recorded(failed.row, failed.error)
        raise failed.error from failed.error.__cause__
    return row


def _finish(row: ApprovalRequest, kind: Kind, verdict: Verdict, said: str) -> None:
    row.state, row.closed_at = State.EXECUTED.value, now()
    _add(row, StepKind.EXECUTED, verdict, said)
    try:
        carry_out(row, kind, said)
    except (InputError, Refused, ExecutionFailed) as error:
        raise _Failed(row, error) from error


class _Failed(Exception):
    """Carries what an executor raised out of the transaction, which rolls back."""

    def __init__(
        self, row: ApprovalRequest, error: InputError | Refused | ExecutionFailed
    ) -> None:
        super().__init__(str(error))
        self.row = row
        self.error = error


def _add(row: ApprovalRequest, kind: StepKind, verdict: Verdict, said: str) -> None:
    add_step(row, kind, verdict.actor, note=said, in_place_of=verdict.in_place_of)


def _about(row: ApprovalRequest, verdict: Verdict) -> dict[str, Any]:
    giver = verdict.in_place_of
    return {
        "resource": row.reference,
        "subject_username": row.maker_username,
        "kind": row.kind,
        "about": row.resource,
        "in_place_of": "" if giver is None else giver.user.get_username(),
    }
