"""
What policies know of the rules: a name, and how to check the thresholds.

The rules lie above and register themselves here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class RuleTerms:
    """
    One rule, as far as a policy can set it.

    Args:
        name: as it is stored.
        title: as it is shown.
        check: returns thresholds in their stored form; raises `InputError` for one
            that is unknown, malformed or below the floor of its clause.
        is_mandatory: True for a rule that nobody may switch off for anybody.
    """

    name: str
    title: str | Promise
    check: Callable[[Mapping[str, Any]], dict[str, Any]]
    is_mandatory: bool


_terms: dict[str, RuleTerms] = {}


def register_rule(terms: RuleTerms) -> None:
    """Let policies be set for a rule; called once, from the rules' wiring."""
    _terms[terms.name] = terms


def terms_of(rule: str) -> RuleTerms | None:
    """Return what is known of a rule."""
    return _terms.get(rule)
