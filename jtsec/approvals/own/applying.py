"""
Applies for jtsec's own acts with the arguments that the verbs themselves take.

A page calls the verb; where that raises `jtsec.core.acts.ApprovalRequired` it calls the
function here of the same arguments, and the act is done when a second person approves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from jtsec.access.models import Assignment, Role
from jtsec.audit.policies.models import AuditPolicy
from jtsec.authentication.models import Account, Block
from jtsec.identity.models import Identity

from ..form import moment
from ..models import ApprovalRequest
from ..submitting import submit
from . import assignments, locks, policies, roles, validity


def apply_for_assignment(
    identity: Identity,
    role: Role | str,
    *,
    reason: str,
    organisation: str = "",
    with_below: bool = True,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> ApprovalRequest:
    """
    Apply for a role for somebody; see `jtsec.access.api.assign`.

    Raises:
        InputError: a value is malformed, in the names of the verb's arguments.
        ApprovalRefused: who acts may not apply for this; recorded.
    """
    code = role.code if isinstance(role, Role) else str(role)
    held = Assignment.objects.filter(identity=identity, ended_at=None)
    names = sorted(set(held.values_list("role__name", flat=True)))
    wanted = Role.objects.filter(code=code).values_list("name", flat=True).first()
    return submit(
        assignments.CODE,
        resource=assignments.resource_of(str(identity.uid), code),
        payload=assignments.payload_of(
            identity,
            code,
            organisation=organisation,
            with_below=with_below,
            valid_from=valid_from,
            valid_until=valid_until,
        ),
        before={_("Roles held"): names},
        after={_("Roles held"): sorted({*names, wanted or code})},
        reason=reason,
    )


def apply_for_role_change(
    role: Role | str,
    changes: Mapping[str, Any] | None = None,
    *,
    reason: str,
    action: str = "change",
) -> ApprovalRequest:
    """
    Apply for a change of a role; see `change_role`, `create_role` and `end_role`.

    Args:
        role: which, or its code; that of the new one for "create".
        changes: the verb's further arguments.
        reason: why.
        action: "change", "create" or "end".

    Raises:
        InputError, ApprovalRefused: as `apply_for_assignment`.
    """
    code = role.code if isinstance(role, Role) else str(role)
    values = {name: _plain(value) for name, value in (changes or {}).items()}
    row = Role.objects.filter(code=code).first()
    before = {name: _plain(getattr(row, name, None)) for name in values} if row else {}
    return submit(
        roles.CODE,
        resource=f"jtsec.role:{code}",
        payload={"action": action, "role": code, "values": values},
        before=before,
        after=values,
        reason=reason,
    )


def apply_for_unlock(block: Block, *, reason: str) -> ApprovalRequest:
    """
    Apply for the end of a lock; see `jtsec.authentication.api.lift`.

    Raises:
        InputError, ApprovalRefused: as `apply_for_assignment`.
    """
    return submit(
        locks.CODE,
        resource=f"jtsec.block:{block.pk}",
        payload={},
        before={_("Locked until"): moment(block.until)},
        after={_("Locked until"): "–"},
        reason=reason,
    )


def apply_for_extension(
    user: Any, until: datetime | None, *, reason: str, reactivate: bool = False
) -> ApprovalRequest:
    """
    Apply for a longer validity, or the return of an expired account.

    Args:
        user: whose.
        until: the new end; None for no end, for a return alone.
        reason: why.
        reactivate: whether the account has expired or was long unused.

    Raises:
        InputError, ApprovalRefused: as `apply_for_assignment`.
    """
    account = Account.objects.filter(user=user).first()
    return submit(
        validity.CODE,
        resource=f"identity:{user.jtsec_identity.uid}",
        payload={
            "action": "reactivate" if reactivate else "extend",
            "until": None if until is None else until.isoformat(),
        },
        before={
            _("Valid until"): moment(None if account is None else account.valid_until)
        },
        after={_("Valid until"): moment(until)},
        reason=reason,
    )


def apply_for_policy_change(
    action: str,
    values: Mapping[str, Any] | None = None,
    *,
    number: int | None = None,
    reason: str,
) -> ApprovalRequest:
    """
    Apply for a change of an audit policy; see `jtsec.audit.policies.api`.

    Args:
        action: "add", "change" or "retire".
        values: the verb's further arguments.
        number: of the policy; None for a new one.
        reason: why.

    Raises:
        InputError, ApprovalRefused: as `apply_for_assignment`.
    """
    after = {name: _plain(value) for name, value in (values or {}).items()}
    row = AuditPolicy.objects.filter(pk=number).first() if number else None
    before = {name: _plain(getattr(row, name, None)) for name in after} if row else {}
    return submit(
        policies.CODE,
        resource=f"jtsec.auditpolicy:{number or policies.NEW}",
        payload={"action": action, "values": after},
        before=before,
        after=after,
        reason=reason,
    )


def _plain(value: Any) -> Any:
    """Return a verb's argument as JSON holds it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Role):
        return value.code
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    return value if isinstance(value, str | int | bool | None) else str(value)
