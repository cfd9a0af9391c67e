"""
The verbs of approvals: one applies, another approves (clauses A4.4, P45, P54.3).

    row = submit(
        "permits.correct",
        resource=f"permits.permit:{permit.pk}",
        payload={"plate": "京A12345"},
        before={"plate": permit.plate},
        after={"plate": "京A12345"},
        reason="…",
    )
    …
    approve(row.id, revision=row.revision, note="…")

Who acts is who acts in the context, never an argument. All ways lead through one
choke point, `judging.judge`.
"""

from __future__ import annotations

from .amending import amend, withdraw
from .application import Application
from .carrying_out import is_under_approval
from .content import application_of, moment_in
from .delegating import delegate, delegations_of, end_delegation
from .exceptions import ApprovalRefused, ExecutionFailed
from .expiring import expire_overdue
from .form import form
from .kinds import Kind, Step, known_kinds, register_kind
from .listing import find, history, mine, require_concerned, waiting_for
from .models import State
from .own.applying import (
    apply_for_assignment,
    apply_for_extension,
    apply_for_policy_change,
    apply_for_role_change,
    apply_for_unlock,
)
from .submitting import submit
from .verdicts import approve, execute, reject

__all__ = [
    "Application",
    "ApprovalRefused",
    "ExecutionFailed",
    "Kind",
    "State",
    "Step",
    "amend",
    "application_of",
    "apply_for_assignment",
    "apply_for_extension",
    "apply_for_policy_change",
    "apply_for_role_change",
    "apply_for_unlock",
    "approve",
    "delegate",
    "delegations_of",
    "end_delegation",
    "execute",
    "expire_overdue",
    "find",
    "form",
    "history",
    "is_under_approval",
    "known_kinds",
    "mine",
    "moment_in",
    "register_kind",
    "reject",
    "require_concerned",
    "submit",
    "waiting_for",
    "withdraw",
]
