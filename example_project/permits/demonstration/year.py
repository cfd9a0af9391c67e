"""
A made-up year of the detachment's office, so that charts and reports say something.

Everything follows from the people, the applications and a seed: who comes when, looks
at what, files, approves; a wrong password now and then. Three things are planted for
who audits to find: guesses of a password at night, a burst of queries, and somebody
who tries again and again what only police may do.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import localdate, make_aware

from jtsec.access.events import FunctionRefused
from jtsec.audit.coverage.events import RecordsViewed
from jtsec.audit.events import Event
from jtsec.audit.query.events import RecordsCounted, RecordsQueried
from jtsec.authentication.events import (
    BlockLifted,
    LoggedOut,
    LoginFailed,
    LoginSucceeded,
    UserLocked,
)
from jtsec.core.context import ANONYMOUS, Actor

from ..events import PermitApproved, PermitFiled, PermitViewed
from ..functions import VIEW_OWNER
from ..models import Permit
from ..shown import resource_of

SEED = 20260102
DAYS = 372
"""So that the log reaches back a year whatever day of the week it is."""

ADDRESSES = {
    "sysadmin": "10.11.0.11",
    "secadmin": "10.11.0.12",
    "auditor": "10.11.0.13",
    "zhang": "10.11.1.21",
    "li": "10.11.2.22",
    "wang": "10.11.3.23",
    "zhao": "10.11.0.24",
    "chen": "10.11.0.25",
}
PACE = {"zhang": 6, "wang": 7, "li": 6, "zhao": 2, "chen": 1, "auditor": 3}
"""How often somebody looks at something on an ordinary day."""

STRANGER = "10.11.9.77"
APPROVER = "li"
GUESSES = 5


@dataclass(frozen=True)
class Happening:
    """One event before it is written: when, who, from where."""

    at: datetime
    actor: Actor
    address: str
    event: Event


@dataclass
class Year:
    """
    What the people of the demonstration did.

    Args:
        actors: who they are, by login name.
        permits: the applications, with who filed them and when.
        today: the day after the last.
    """

    actors: Mapping[str, Actor]
    permits: Sequence[Permit]
    today: date

    def __post_init__(self) -> None:
        # Chance that repeats itself; nothing secret comes of it.
        self._chance = random.Random(SEED)  # noqa: S311 - made-up data
        self._filed: dict[tuple[str, date], list[Permit]] = defaultdict(list)
        self._decided: dict[date, list[Permit]] = defaultdict(list)
        for permit in self.permits:
            day = localdate(permit.filed_at)
            self._filed[permit.filed_by.get_username(), day].append(permit)
            self._decided[_next_workday(day)].append(permit)
        self._previous: dict[str, datetime] = {}

    def happenings(self) -> list[Happening]:
        """Return everything that happened, in the order of time."""
        found = [
            one
            for number in range(DAYS, 0, -1)
            for username in self.actors
            for one in self._day_of(username, self.today - timedelta(days=number))
        ]
        found += self._planted()
        return sorted(found, key=lambda one: one.at)

    def _day_of(self, username: str, day: date) -> Iterator[Happening]:
        files = self._filed[username, day]
        decides = self._decided[day] if username == APPROVER else []
        is_there = day.isoweekday() <= 5 and self._chance.random() < 0.94
        if not (is_there or files or decides):
            return
        begin = _at(day, 8.2) + timedelta(minutes=self._chance.uniform(0, 12))
        yield from self._enter(username, begin)
        for hour in self._hours(PACE.get(username, 1)):
            yield self._by(username, _at(day, hour), self._look(username))
        for permit in files:
            event: Event = PermitFiled(
                resource=resource_of(permit), owner_name=permit.owner_name
            )
            yield self._by(username, permit.filed_at, event)
        for permit in decides:
            filer = self.actors[permit.filed_by.get_username()].uid
            event = PermitApproved(resource=resource_of(permit), filed_by=filer)
            yield self._by(username, _at(day, self._chance.uniform(9, 17)), event)
        if self._chance.random() < 0.3:  # left over lunch, and came back
            yield from self._enter(username, _at(day, self._chance.uniform(13.2, 14)))
        if self._chance.random() < 0.85:
            leaves = _at(day, 17.6) + timedelta(minutes=self._chance.uniform(0, 40))
            yield self._by(username, leaves, LoggedOut())

    def _enter(self, username: str, at: datetime) -> Iterator[Happening]:
        failures = self._chance.choices((0, 1, 2), weights=(93, 6, 1))[0]
        for number in range(failures, 0, -1):
            yield self._fail(username, at - timedelta(seconds=20 * number))
        event = LoginSucceeded(
            previous_at=self._previous.get(username), failures_before=failures
        )
        self._previous[username] = at
        yield self._by(username, at, event)

    def _hours(self, pace: float) -> list[float]:
        """Return when somebody looked at something: mornings most, noon never."""
        number = max(0, round(self._chance.gauss(pace, pace / 3)))
        return [
            self._chance.gauss(10.2, 0.6)
            if self._chance.random() < 0.6
            else self._chance.gauss(15.4, 0.7)
            for _ in range(number)
        ]

    def _look(self, username: str) -> Event:
        if username == "auditor":
            kind = self._chance.choice((RecordsQueried, RecordsCounted))
            return kind(resource="audit.record", conditions={})
        if username not in PACE:
            return RecordsViewed(resource="identity", found=len(self.actors), keys=())
        permit = self._chance.choice(self.permits)
        if self._chance.random() < 0.5:
            return PermitViewed(resource=resource_of(permit))
        found = self._chance.randrange(1, 20)
        return RecordsViewed(
            resource="permits.permit", found=found, keys=(str(permit.pk),)
        )

    def _planted(self) -> Iterator[Happening]:
        """Yield what the rules of the audit, or its charts, are to show."""
        night = _at(self._ago(47), 2.4)
        for number in range(GUESSES):
            yield self._fail("li", night + timedelta(seconds=9 * number), STRANGER)
        at = night + timedelta(seconds=9 * GUESSES)
        yield Happening(
            at, ANONYMOUS, STRANGER, UserLocked(subject_username="li", failures=GUESSES)
        )
        lifted = BlockLifted(resource="user:li", reason="本人来电说明，已核实身份")
        yield self._by("secadmin", night + timedelta(hours=6.5), lifted)
        burst = _at(self._ago(12), 16.1)
        for number in range(90):
            when = burst + timedelta(seconds=0.6 * number)
            event: Event = RecordsViewed(resource="permits.permit", found=20, keys=())
            yield self._by("wang", when, event)
        for number in range(6):
            when = _at(self._ago(80 - 9 * number), 14.2)
            event = FunctionRefused(
                resource="permits:owner", right=VIEW_OWNER, reason="police-only"
            )
            yield self._by("wang", when, event)

    def _ago(self, days: int) -> date:
        return last_workday(self.today - timedelta(days=days))

    def _fail(self, username: str, at: datetime, address: str = "") -> Happening:
        event = LoginFailed(
            subject_username=username, reason="wrong", typed_name=username
        )
        return Happening(at, ANONYMOUS, address or ADDRESSES[username], event)

    def _by(self, username: str, at: datetime, event: Event) -> Happening:
        return Happening(at, self.actors[username], ADDRESSES[username], event)


def last_workday(day: date) -> date:
    """Return the day itself, or the Friday before a free one."""
    return day - timedelta(days=max(0, day.isoweekday() - 5))


def _next_workday(day: date) -> date:
    """Return the working day after one from Monday to Friday."""
    return day + timedelta(days=3 if day.isoweekday() == 5 else 1)


def _at(day: date, hour: float) -> datetime:
    return make_aware(datetime.combine(day, time()) + timedelta(hours=hour))
