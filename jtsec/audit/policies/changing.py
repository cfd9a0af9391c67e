"""
Setting, changing and retiring a policy: each a verb, each told with before and after.

What a policy is for (users, target) never changes; another aim is another policy. Two
auditors at once wait for each other on the row. Where the project puts these changes
under approval, a person does them by an approved application (`jtsec.core.acts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import router, transaction
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.audit.events import Severity
from jtsec.core.acts import require_leave
from jtsec.core.clock import now
from jtsec.core.context import Actor
from jtsec.core.exceptions import InputError
from jtsec.core.touched_rows import take_write_lock

from . import snapshot
from .events import PolicyAdded, PolicyChanged, PolicyChangeRefused, PolicyRetired
from .exceptions import PolicyRefused
from .models import AuditPolicy
from .permission import require_auditor, require_permitted, required_reason
from .scopes import require_scope
from .seal import apply_seal, check_seal, shown

SEVERITIES = frozenset(int(one) for one in Severity)


def add(
    *,
    scope: str,
    aspect: str,
    target: str,
    reason: str,
    scope_value: str = "",
    is_on: bool = True,
    severity: int | None = None,
    thresholds: Mapping[str, Any] | None = None,
) -> AuditPolicy:
    """
    Set a policy (A5.3).

    Args:
        scope: whom it is for, one of `known_scopes`.
        aspect: one of `Aspect`.
        target: the recording, the event code (`*` at the end), or the rule.
        reason: why, for the audit.
        scope_value: which user, duty, organisation …
        is_on: whether it is recorded, alarmed, or watched.
        severity: of the alarms; None for the declared one.
        thresholds: of the rule; those that are not named stay as they are.

    Raises:
        PolicyRefused: the actor may not, or it is mandatory otherwise; recorded.
        InputError: something is malformed, or is set already.
    """
    policy = AuditPolicy(
        scope=scope,
        scope_value=scope_value,
        aspect=aspect,
        target=target,
        is_on=is_on,
        severity=severity,
        thresholds=dict(thresholds or {}),
    )
    with _refusals("add", policy):
        _add(policy, reason)
    return policy


def change(
    number: int,
    *,
    reason: str,
    is_on: bool,
    severity: int | None,
    thresholds: Mapping[str, Any],
) -> AuditPolicy:
    """
    Change what a policy in force says; takes and raises what `add` does.

    Args:
        number: the policy's number.
        reason: why, for the audit.
        is_on: as for `add`.
        severity: as for `add`.
        thresholds: all that it sets from now on.
    """

    def apply(policy: AuditPolicy) -> None:
        before = shown(policy)
        policy.is_on = is_on
        policy.severity = severity
        policy.thresholds = dict(thresholds)
        _require_usable(policy)
        if shown(policy) == before:
            raise InputError(_("Nothing would change."), code="unchanged")

    return _amended("change", number, reason, apply)


def retire(number: int, *, reason: str) -> AuditPolicy:
    """Put a policy out of force; the row stays. Raises what `add` does."""

    def apply(policy: AuditPolicy) -> None:
        policy.retired_at = now()

    return _amended("retire", number, reason, apply)


def _add(policy: AuditPolicy, reason: str) -> None:
    actor = require_auditor(policy)
    policy.reason = required_reason(reason)
    _require_usable(policy)
    _take_turns()
    if AuditPolicy.objects.in_force().filter(**_aim(policy)).exists():
        text = _("There is such a policy already; change that one.")
        raise InputError(text, code="taken")
    _stamp(policy, actor)
    policy.save(force_insert=True)
    # The seal covers the number, which the row has only now.
    apply_seal(policy)
    policy.save(update_fields=["seal", "seal_key_id"])
    resource, why = _resource(policy), policy.reason
    record(PolicyAdded(resource=resource, reason=why, after=shown(policy)))


def _take_turns() -> None:
    """Let two that set the same at once come one after the other, by the oldest row."""
    take_write_lock(AuditPolicy, router.db_for_write(AuditPolicy))
    AuditPolicy.objects.select_for_update().order_by("pk").first()


def _amended(
    action: str, number: int, reason: str, apply: Callable[[AuditPolicy], None]
) -> AuditPolicy:
    with _refusals(action, AuditPolicy(pk=number)):
        policy = _locked(number)
        actor = require_auditor(policy)
        policy.reason = required_reason(reason)
        before = shown(policy)
        apply(policy)
        policy.version += 1
        _stamp(policy, actor)
        apply_seal(policy)
        policy.save(force_update=True)
        _tell(action, policy, before)
    return policy


def _tell(action: str, policy: AuditPolicy, before: dict[str, Any]) -> None:
    resource, why = _resource(policy), policy.reason
    if action == "retire":
        record(PolicyRetired(resource=resource, reason=why, before=before))
        return
    after = shown(policy)
    record(PolicyChanged(resource=resource, reason=why, before=before, after=after))


@contextmanager
def _refusals(action: str, policy: AuditPolicy) -> Iterator[None]:
    """Open the transaction of a verb; record, when it has ended, who was refused."""
    require_leave("audit.change-policy", action=action, policy=_resource(policy))
    alias = router.db_for_write(AuditPolicy)
    try:
        with transaction.atomic(using=alias):
            yield
            # At once for this transaction, and again when others can see it.
            snapshot.forget()
            transaction.on_commit(snapshot.forget, using=alias)
    except PolicyRefused as refused:
        record(
            PolicyChangeRefused(
                resource=_resource(policy), reason=refused.reason, action=action
            )
        )
        raise


def _locked(number: int) -> AuditPolicy:
    policy: AuditPolicy | None = (
        AuditPolicy.objects.select_for_update()
        .filter(pk=number, retired_at=None)
        .first()
    )
    if policy is None:
        raise InputError(_("There is no such policy in force."), code="unknown")
    # What SQL made of it must not be sealed as what an auditor set.
    check_seal(policy)
    return policy


def _require_usable(policy: AuditPolicy) -> None:
    require_scope(policy.scope, policy.scope_value)
    if policy.severity is not None and policy.severity not in SEVERITIES:
        raise InputError(_("There is no such severity."), field="severity")
    require_permitted(policy)


def _stamp(policy: AuditPolicy, actor: Actor) -> None:
    policy.changed_at = now()
    policy.changed_by = actor.username


def _aim(policy: AuditPolicy) -> dict[str, str]:
    names = ("scope", "scope_value", "aspect", "target")
    return {name: getattr(policy, name) for name in names}


def _resource(policy: AuditPolicy) -> str:
    number = policy.pk or "new"
    aim = f"{policy.aspect}:{policy.target}:{policy.scope}:{policy.scope_value}"
    return f"jtsec.auditpolicy:{number}:{aim}"[:255]
