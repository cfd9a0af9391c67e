"""Holds what the rules found against what was planted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

from benchmarks.history import HOLIDAYS, SHIFT_OFFICE, Year
from benchmarks.history_planting import Planted

GRACE = timedelta(hours=1)


@dataclass(frozen=True)
class Found:
    """One finding: which rule, whose, when."""

    rule: str
    uid: str
    at: datetime | None
    key: str


@dataclass
class Score:
    """What became of everything that was planted, and what was said besides."""

    found: dict[tuple[str, str], list[bool]]
    strange: dict[tuple[str, str], int]
    false: Counter[str]
    total: Counter[str]

    def planted_rows(self) -> list[Sequence[str]]:
        """Return a line for each kind of planted thing."""
        rows: list[Sequence[str]] = []
        for (label, rule), hits in self.found.items():
            other = self.strange.get((label, rule), 0)
            row = (label, rule or "none", str(len(hits)), str(sum(hits)), str(other))
            rows.append(row)
        return rows

    def false_rows(self, weeks: float) -> list[Sequence[str]]:
        """Return a line for each rule: findings, false ones, and those of a week."""
        return [
            (rule, str(self.total[rule]), str(self.false[rule]),
             f"{self.false[rule] / weeks:.1f}")
            for rule in sorted(self.total)
        ]  # fmt: skip


def score(year: Year, findings: Sequence[Found]) -> Score:
    """Hold findings against what was planted; what an alarm only counts is one."""
    of_rule: dict[str, list[Found]] = defaultdict(list)
    for one in findings:
        of_rule[one.rule].append(one)
    explained: set[int] = set()
    hit: dict[tuple[str, str], list[bool]] = defaultdict(list)
    strange: dict[tuple[str, str], int] = defaultdict(int)
    for planted in year.planted:
        own = [one for one in of_rule[planted.rule] if _fits(one, planted)]
        others = [one for one in findings if planted.uid and _fits(one, planted)]
        explained |= {id(one) for one in (*own, *others)}
        kind = planted.label, planted.rule
        hit[kind].append(bool(own))
        strange[kind] += bool(others) and not own
    alarms: dict[tuple[str, str, date | None], list[Found]] = defaultdict(list)
    for one in findings:
        alarms[one.rule, one.key, one.at.date() if one.at else None].append(one)
    false = Counter(
        rule
        for (rule, *_rest), ones in alarms.items()
        if not any(id(one) in explained for one in ones)
    )
    return Score(dict(hit), dict(strange), false, Counter(rule for rule, *_r in alarms))


def _fits(found: Found, planted: Planted) -> bool:
    if found.uid != planted.uid:
        return False
    if found.at is None:
        return planted.rule == found.rule
    return planted.begin <= found.at <= planted.end + GRACE


@contextmanager
def told(year: Year) -> Iterator[list[Found]]:
    """
    Note every finding of the watcher, which raises its alarms all the same.

    The daily sweep, which knows the present only, is made to believe that it is the
    end of the year.
    """
    from jtsec.audit.rules import sweeping, watching
    from jtsec.audit.rules.raising import raise_for

    noted: list[Found] = []

    def note(finding: Any) -> None:
        noted.append(found_of(finding))
        raise_for(finding)

    with (
        patch.object(watching, "raise_for", note),
        patch.object(sweeping, "raise_for", note),
        patch.object(sweeping, "now", lambda: year.end),
    ):
        yield noted


def found_of(finding: Any) -> Found:
    """Return a finding of the rules in the form of this page."""
    rule = finding.rule + (f"-{finding.variant}" if finding.variant == "unused" else "")
    if finding.sighting is None:
        return Found(rule, finding.subject[0], None, finding.key)
    row = finding.sighting.row
    return Found(rule, row.actor_uid, row.at, finding.key or row.subject)


def set_up(settings: Callable[[str, Any], None]) -> None:
    """
    Set what an office would: its holidays, and a policy for those who work in shifts.

    Args:
        settings: sets one setting.
    """
    from jtsec.audit.policies import api as policies
    from jtsec.core.context import acting_as, system_actor

    settings("JTSEC_AUDIT_RULES_HOLIDAYS", HOLIDAYS)
    with acting_as(system_actor("benchmark")):
        policies.add(
            scope="organisation", scope_value=SHIFT_OFFICE, aspect="rule",
            target="out-of-hours", reason="works in shifts",
            thresholds={"times": ["00:00-24:00"], "weekdays": [1, 2, 3, 4, 5, 6, 7]},
        )  # fmt: skip
