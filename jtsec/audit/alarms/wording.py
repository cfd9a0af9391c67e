"""
What an alarm says: its rule's name, and a sentence made when it is shown.

Stored are a code and figures, never a sentence, so that every reader reads it in their
own language. A rule registers its words; an event that is an alarm by itself has the
words of its declaration.

    register_rule("audit:rule:high-frequency", _("High frequency"),
                  _("%(subject)s called %(count)s times in %(minutes)s minutes."))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.apps import apps
from django.utils.translation import gettext as _

from jtsec.audit.events import (
    Severity,
    StrOrPromise,
    declared_events,
    label_of,
)

ACTS = ("activity", "function")
"""Places of sentences that hold what was done: a code, or a code and "app.model"."""


class RuleWords(NamedTuple):
    """What a rule is called, and what its alarms say."""

    name: StrOrPromise
    sentence: StrOrPromise


_rules: dict[str, RuleWords] = {}


def register_rule(rule: str, name: StrOrPromise, sentence: StrOrPromise = "") -> None:
    """
    Say what a rule is called; from the wiring of who has it.

    Args:
        rule: the code under which it raises alarms.
        name: a few words, translatable; they alone leave the system in messages.
        sentence: what happened, translatable, with named places such as
            %(count)s for the alarm's figures; besides them there are %(subject)s,
            %(resource)s, %(source)s and %(occurrences)s.
    """
    _rules[rule] = RuleWords(name, sentence)


def rule_name(rule: str) -> str:
    """Return what a rule is called, or its code where nobody said."""
    known = _rules.get(rule)
    return label_of(rule) if known is None else str(known.name)


def known_rules() -> dict[str, str]:
    """Return the name of every rule that could raise an alarm, by code."""
    alarming = {
        code: label_of(code)
        for code, event in declared_events().items()
        if event.declaration.severity >= Severity.ALARM
    }
    return alarming | {code: str(words.name) for code, words in _rules.items()}


def sentence_of(
    rule: str, params: Mapping[str, Any], standing: Mapping[str, Any]
) -> str:
    """
    Return what happened, in the language of the moment.

    Args:
        rule: the rule's code.
        params: the alarm's figures.
        standing: the places every sentence has.
    """
    known = _rules.get(rule)
    template = str(known.sentence) if known is not None else ""
    if not template:
        template = _("%(name)s. User: %(subject)s. Object: %(resource)s.")
    # Words of today for what rows name by a code.
    acts = {place: _act(str(params[place])) for place in ACTS if place in params}
    given = {**params, **acts, **standing, "name": rule_name(rule)}
    known_places = {
        place: "–" if value in ("", None) else value for place, value in given.items()
    }
    try:
        return template % _Places(known_places)
    # A rule's words are an adopter's too: a slip in them must not hide the alarm.
    except (ValueError, TypeError):
        return rule_name(rule)


def _act(done: str) -> str:
    """Return what was done in words: what the event is called, and with what thing."""
    code, _space, thing = done.partition(" ")
    try:
        about = str(apps.get_model(thing)._meta.verbose_name) if thing else ""
    except (LookupError, ValueError):
        about = thing  # a table that is gone, or was never one
    return f"{label_of(code)} ({about})" if about else label_of(code)


class _Places(dict[str, Any]):
    """Shows a dash for what an old alarm does not know."""

    def __missing__(self, key: str) -> str:
        return "–"
