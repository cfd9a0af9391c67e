"""
The thresholds of the rules: the settings, and what policies make of them for somebody.

Names are those of the settings without the rule's prefix, so that a policy's value is
held to the kind, the range and the floor of the very setting it stands in for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from jtsec.audit.policies.api import DUTY, Aspect, Snapshot
from jtsec.core.conf import Declared, declared, problems_of, profile
from jtsec.core.context import Actor
from jtsec.core.exceptions import InputError

from .conf import RuleSettings, rule_settings
from .rule import Limits, Rule


def options_of(rule: Rule) -> dict[str, Declared]:
    """Return the settings that are thresholds of a rule, by their short names."""
    return {
        item.attribute.removeprefix(rule.prefix): item
        for item in declared()
        if item.section is RuleSettings and item.attribute.startswith(rule.prefix)
    }


def checked(rule: Rule, thresholds: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return thresholds as a policy stores them: plain values, lists for tuples.

    Raises:
        InputError: the rule has no such threshold, or the value is malformed, out of
            range, or below the floor of its clause. A policy must not do what a
            setting may not.
    """
    options = options_of(rule)
    found: dict[str, Any] = {}
    for name, value in thresholds.items():
        if name not in options:
            text = _("The rule has no threshold %(name)s.") % {"name": name}
            raise InputError(text, field=name)
        plain = tuple(value) if isinstance(value, list) else value
        problems = problems_of(options[name], plain, profile())
        if problems:
            raise InputError(problems[0].message, field=name)
        found[name] = list(plain) if isinstance(plain, tuple) else plain
    return found


def checker(rule: Rule) -> partial[dict[str, Any]]:
    """Return the check of one rule's thresholds."""
    return partial(checked, rule)


def defaults_of(rule: Rule) -> dict[str, Any]:
    """Return the thresholds that the settings say."""
    settings = rule_settings()
    return {
        name: getattr(settings, item.attribute)
        for name, item in options_of(rule).items()
    }


class Thresholds:
    """
    The thresholds of one look at the log.

    Args:
        policies: those in force.
        proposed: thresholds to try out, by rule; they stand above every policy.
    """

    def __init__(
        self,
        policies: Snapshot,
        proposed: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.policies = policies
        self._proposed = proposed or {}
        self._defaults: dict[str, dict[str, Any]] = {}
        self._found: dict[tuple[str, Actor], Limits | None] = {}

    def of(self, rule: Rule, actor: Actor) -> Limits | None:
        """Return a rule's thresholds for somebody, None where it is switched off."""
        key = rule.name, actor
        if key not in self._found:
            self._found[key] = self._find(rule, actor)
        return self._found[key]

    def _find(self, rule: Rule, actor: Actor) -> Limits | None:
        defaults = self._defaults.get(rule.name)
        if defaults is None:
            defaults = self._defaults[rule.name] = defaults_of(rule)
        terms = self.policies.terms(Aspect.RULE, rule.name, actor)
        # Who sets policies is watched by every rule, whatever they set for their duty.
        may_be_off = not rule.is_mandatory and actor.duty != DUTY
        if terms.is_on is False and may_be_off:
            return None
        values = defaults | _tuples(terms.thresholds or {})
        values |= _tuples(self._proposed.get(rule.name, {}))
        severity = rule.severity if terms.severity is None else terms.severity
        return Limits(values, int(severity))

    def anywhere(self, rule: Rule, name: str) -> list[Any]:
        """Return every value that one threshold of a rule has for anybody."""
        proposed = self._proposed.get(rule.name, {})
        set_by = [*self.policies.thresholds_of(rule.name), proposed]
        found = [_tuples(one)[name] for one in set_by if name in one]
        return [defaults_of(rule)[name], *found]


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored values as settings have them: lists cannot be remembered by."""
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
    }
