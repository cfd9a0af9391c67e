"""Applies for a role on somebody's behalf; the security administrator grants it."""

from __future__ import annotations

from datetime import datetime

from jtsec.approvals.api import submit
from jtsec.approvals.models import ApprovalRequest
from jtsec.identity.models import Identity

KIND = "access.assign"


def apply_for_role(
    identity: Identity,
    role: str,
    *,
    reason: str,
    organisation: str = "",
    with_below: bool = True,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> ApprovalRequest:
    """
    Submit the grant of a role for approval (clauses A4.4, A4.6).

    Args:
        identity: who is to hold it.
        role: its code.
        reason: why.
        organisation: whose data it reaches, the person's own by default.
        with_below: whether also that of the organisations under it.
        valid_from: from when, None for at once.
        valid_until: to when, None for no end.

    Raises:
        InputError: there is no such role, it is for another duty, or a value is
            malformed; names the field.
        jtsec.approvals.api.ApprovalRefused: the actor may not apply; recorded.
    """
    payload = {
        "person": str(identity.uid),
        "role": role,
        "organisation": organisation or identity.organisation.code,
        "with_below": with_below,
        "valid_from": None if valid_from is None else valid_from.isoformat(),
        "valid_until": None if valid_until is None else valid_until.isoformat(),
    }
    resource = f"jtsec.assignment:{role}:{identity.uid}"
    return submit(KIND, resource=resource, payload=payload, reason=reason)
