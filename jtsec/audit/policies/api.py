"""
The verbs of the policies (A5.3).

    wants("query:permits.permit", current().actor)   asked before an optional recording
    add(scope="organisation", scope_value="330100000000", aspect="rule",
        target="high-frequency", thresholds={"events": 300}, reason="…")
"""

from __future__ import annotations

from collections.abc import Iterator

from .changing import add, change, retire
from .exceptions import PolicyAltered, PolicyRefused
from .models import Aspect, AuditPolicy
from .permission import DUTY
from .recordings import declare_optional, optional_recordings
from .rule_terms import RuleTerms, register_rule
from .scopes import covers, known_scopes, register_scope, require_scope
from .seal import shown
from .snapshot import Snapshot, Terms, forget, in_force, wants

__all__ = [
    "DUTY",
    "Aspect",
    "AuditPolicy",
    "PolicyAltered",
    "PolicyRefused",
    "RuleTerms",
    "Snapshot",
    "Terms",
    "add",
    "change",
    "covers",
    "declare_optional",
    "forget",
    "in_force",
    "known_scopes",
    "listed",
    "optional_recordings",
    "policy_numbered",
    "register_rule",
    "register_scope",
    "require_scope",
    "retire",
    "shown",
    "wants",
]


def listed(*, with_retired: bool = False) -> Iterator[AuditPolicy]:
    """Yield the policies in force, or all there ever were, in order of their making."""
    rows = AuditPolicy.objects.order_by("pk")
    return iter(rows if with_retired else rows.filter(retired_at=None))


def policy_numbered(number: int) -> AuditPolicy | None:
    """Return one policy, retired or not."""
    found: AuditPolicy | None = AuditPolicy.objects.filter(pk=number).first()
    return found
