"""
A dry run: how often a rule would have fired over past days, and at what.

The log is read as it stands, in pieces, in the order of time; what the rule remembers
is kept in this process alone. Nothing is written, and no alarm is raised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import router
from django.utils import timezone
from django.utils.translation import gettext as _

from jtsec.audit.models import AuditRecord
from jtsec.audit.policies import api as policies
from jtsec.audit.policies.api import covers, require_scope
from jtsec.core.clock import now
from jtsec.core.exceptions import InputError

from .catalogue import DORMANT_ACCOUNT, RULES
from .engine import Engine, actor_of
from .reading import Row, plain
from .remembering import TrialMemories
from .rule import Finding, Memory, Rule
from .sighting import Sighting, date_of
from .thresholds import Thresholds, checked

CHUNK: Final = 5_000
MOST_DAYS: Final = 366
EXAMPLES: Final = 20


@dataclass(frozen=True)
class Example:
    """One time it would have fired."""

    at: datetime
    username: str
    name: str
    resource: str
    event_id: str
    params: Mapping[str, Any]
    rule: str
    variant: str

    @property
    def sentence(self) -> str:
        """Return what the alarm would say."""
        known = {"subject": self.username, "resource": self.resource, **self.params}
        places = {name: "–" if one is None else one for name, one in known.items()}
        return str(RULES[self.rule].sentences[self.variant]) % places


@dataclass
class Estimate:
    """
    How often a rule would have fired.

    Args:
        rule: its name.
        since: the first moment looked at.
        until: the last one.
        events: events of that time.
        hits: how often it would have fired.
        users: for how many users.
        by_day: hits by day; days without are left out.
        examples: the first times.
        is_whole: False where it stopped at the largest number of events allowed.
    """

    rule: str
    since: datetime
    until: datetime
    events: int = 0
    hits: int = 0
    users: int = 0
    by_day: dict[str, int] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    is_whole: bool = True

    @property
    def per_day(self) -> float:
        """Return the hits of an average day."""
        days = max((self.until - self.since).total_seconds() / 86_400, 1.0)
        return self.hits / days


def dry_run(
    rule: str,
    days: int = 30,
    thresholds: Mapping[str, Any] | None = None,
    *,
    scope: str = "everyone",
    scope_value: str = "",
    most_events: int | None = None,
) -> Estimate:
    """
    Return how often a rule would have fired over past days (A5.7).

    Args:
        rule: its name.
        days: how many days back, up to 366.
        thresholds: to try in place of those in force.
        scope: for whom it is counted, as in a policy, with `scope_value`.
        most_events: stop after so many events; None for no limit.

    Raises:
        InputError: no such rule, a threshold that cannot be, or too many days.
    """
    found = _require_rule(rule, days)
    require_scope(scope, scope_value)
    until = now()
    estimate = Estimate(rule, until - timedelta(days=days), until)
    proposed = {rule: checked(found, thresholds or {})}
    terms = Thresholds(policies.in_force(), proposed)
    engine = Engine(_memories(found, estimate.since), terms, only={rule})
    counted = _Counted(estimate, scope, scope_value)
    total = 0
    first = estimate.since - timedelta(days=found.warmup_days)
    for rows in _pieces(first, until):
        total += len(rows)
        counted.take(rows, engine.observe(rows))
        if most_events is not None and total >= most_events:
            estimate.until, estimate.is_whole = rows[-1].at, False
            break
    counted.finish()
    return estimate


def _require_rule(name: str, days: int) -> Rule:
    found = RULES.get(name)
    if found is None:
        raise InputError(_("There is no such rule."), field="rule")
    if not 1 <= days <= MOST_DAYS:
        text = _("A dry run goes over 1 to %(most)s days.") % {"most": MOST_DAYS}
        raise InputError(text, field="days")
    return found


class _Counted:
    """Counts what belongs to the days and the users asked for."""

    def __init__(self, estimate: Estimate, scope: str, value: str) -> None:
        self._estimate = estimate
        self._scope = scope, value
        self._users: set[str] = set()
        self._days: Counter[str] = Counter()

    def take(self, rows: list[Row], findings: list[Finding]) -> None:
        since = self._estimate.since
        self._estimate.events += sum(row.at >= since for row in rows)
        for finding in findings:
            sighting = finding.sighting
            if sighting is None or sighting.row.at < since:
                continue
            if covers(*self._scope, actor_of(sighting.row)):
                self._count(finding, sighting)

    def finish(self) -> None:
        self._estimate.users = len(self._users)
        self._estimate.by_day = dict(sorted(self._days.items()))

    def _count(self, finding: Finding, sighting: Sighting) -> None:
        row, estimate = sighting.row, self._estimate
        estimate.hits += 1
        self._users.add(row.actor_uid or row.source_address)
        self._days[date_of(sighting.day).isoformat()] += 1
        if len(estimate.examples) < EXAMPLES:
            estimate.examples.append(
                Example(
                    row.at,
                    row.actor_username,
                    row.actor_name,
                    row.resource,
                    str(row.event_id),
                    finding.params,
                    finding.rule,
                    finding.variant,
                )
            )


class _Remembered(TrialMemories):
    """Finds out, for accounts that come up, when they were used before the trial."""

    def __init__(self, before: datetime) -> None:
        super().__init__()
        self._before = before

    def of(self, uid: str) -> Memory:
        if uid not in self.held:
            last = (
                AuditRecord.objects.filter(actor_uid=uid, at__lt=self._before)
                .order_by("-at")
                .values_list("at", flat=True)
                .first()
            )
            if last is not None:
                at = last if last.tzinfo else timezone.make_aware(last)
                self.held[uid] = {DORMANT_ACCOUNT.place: [at.timestamp(), 0, 0]}
        return super().of(uid)


def _memories(rule: Rule, since: datetime) -> TrialMemories:
    return _Remembered(since) if rule is DORMANT_ACCOUNT else TrialMemories()


def _pieces(first: datetime, until: datetime) -> Iterator[list[Row]]:
    """Yield the events of a time, in its order, a piece at a time."""
    log = AuditRecord.objects.using(router.db_for_read(AuditRecord))
    rows = plain(log.filter(at__lte=until).order_by("at", "id"))
    at, number = first, 0
    while True:
        # Two plain ranges: a row comparison is not everywhere an index's.
        found = list(rows.filter(at=at, id__gt=number)[:CHUNK])
        if len(found) < CHUNK:
            found += rows.filter(at__gt=at)[: CHUNK - len(found)]
        if not found:
            return
        piece = [Row._make(one) for one in found]
        yield piece
        at, number = piece[-1].at, piece[-1].id
