"""Rules and policies as the lists show them: in words, not in stored values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from jtsec.audit.events import label_of
from jtsec.audit.policies import api as policies
from jtsec.audit.policies.api import Aspect, AuditPolicy
from jtsec.audit.rules.api import RULES, Rule, defaults_of

from .policy_forms import SEVERITIES, WEEKDAYS, shown_value


def rule_row(rule: Rule) -> dict[str, Any]:
    """Return what the list says of a rule."""
    return {
        "rule": rule,
        "whom": _("Everybody"),
        "thresholds": list(figures(rule, defaults_of(rule))),
        "severity": severity_of(int(rule.severity)),
        "policies": sum(
            one.aspect == Aspect.RULE and one.target == rule.name
            for one in policies.listed()
        ),
    }


def policy_rows(*, with_retired: bool) -> list[dict[str, Any]]:
    """Return what the list says of each policy."""
    return [_policy_row(one) for one in policies.listed(with_retired=with_retired)]


def title_of(policy: AuditPolicy) -> str:
    """Return what a policy is about."""
    match policy.aspect:
        case Aspect.RULE:
            rule = RULES.get(policy.target)
            return str(rule.title) if rule else policy.target
        case Aspect.RECORDING:
            titles = {one.kind: one.title for one in policies.optional_recordings()}
            return str(titles.get(policy.target, policy.target))
    if policy.target.endswith("*"):
        return policy.target
    return str(label_of(policy.target))


def whom(policy: AuditPolicy, value: str) -> str:
    """Return for whom a policy is."""
    titles = {one.name: str(one.title) for one in policies.known_scopes()}
    title = titles.get(policy.scope, policy.scope)
    return f"{title}：{value}" if value else title


def figures(rule: Rule, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what thresholds are called, and what they are."""
    for name, value in values.items():
        yield str(rule.titles.get(name, name)), _shown(name, value)


def severity_of(number: int | None) -> str:
    """Return how much an alarm is."""
    if number is None:
        return _("As declared")
    return str(dict(SEVERITIES).get(str(number), number))


def _policy_row(policy: AuditPolicy) -> dict[str, Any]:
    rule = RULES.get(policy.target) if policy.aspect == Aspect.RULE else None
    return {
        "policy": policy,
        "title": title_of(policy),
        "whom": whom(policy, shown_value(policy)),
        "figures": list(figures(rule, policy.thresholds)) if rule else [],
        "severity": "–"
        if policy.aspect == Aspect.RECORDING
        else severity_of(policy.severity),
    }


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list | tuple):
        names = dict(WEEKDAYS) if name == "weekdays" else {}
        return "、".join(str(names.get(str(one), one)) for one in value) or "–"
    return str(value)
