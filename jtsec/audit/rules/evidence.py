"""What the rules can prove for the compliance report."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError

from jtsec.core.evidence import Fact

from .catalogue import RULES
from .thresholds import defaults_of
from .watching import lag


def facts() -> Iterator[Fact]:
    """Yield what was measured just now."""
    for clause in ("A5.5", "A5.6", "A5.7"):
        rules = {
            name: _plain(defaults_of(rule))
            for name, rule in RULES.items()
            if rule.clause == clause
        }
        yield Fact(clause, "Rules that raise alarms, with thresholds", True, rules)
    statement = "Sealed parts of the log that the rules have not seen"
    try:
        behind = lag()
    except DatabaseError as error:
        yield Fact("A5.7", statement, None, str(error))
        return
    yield Fact("A5.7", statement, behind < 100, behind)


def _plain(values: dict[str, object]) -> dict[str, object]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
    }
