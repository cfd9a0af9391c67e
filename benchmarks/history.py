"""
A generated year: an office of 500 people, a million events, and what was planted in it.

    year = Year(seed=1)
    history_writing.write(year.events())    # in the order of their times
    year.planted                            # what a rule should find, with labels

Everything follows from the seed. People have offices, duties and habits: hours, lunch,
free days, holidays, shifts, leave, days on which they do twice as much, campaigns in
which the whole office does, transfers, new tasks. None of that is planted; what a rule
says of it is a false alarm.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final

from benchmarks.history_planting import Planted, plant
from jtsec.audit.coverage import events as coverage

BEGIN: Final = date(2025, 10, 1)
DAYS: Final = 365
AHEAD: Final = timedelta(hours=8)
"""Of Asia/Shanghai, the whole year."""

HOLIDAYS: Final = tuple(
    (date.fromisoformat(first) + timedelta(days=number)).isoformat()
    for first, days in (
        ("2025-10-01", 8), ("2026-01-01", 3), ("2026-02-15", 9),
        ("2026-04-04", 3), ("2026-05-01", 5), ("2026-06-19", 3), ("2026-09-25", 3),
    )
    for number in range(days)
)  # fmt: skip

SHIFT_OFFICE: Final = "320299000000"
"""The operations room works round the clock; its people have a policy."""

VIEW: Final = coverage.RecordsViewed.declaration.code
CHANGE: Final = coverage.RowChanged.declaration.code
CREATE: Final = coverage.RowCreated.declaration.code
CORE: Final = coverage.CoreFunctionCalled.declaration.code
KINDS: Final = {
    "clerk": (
        (VIEW, "vehicles.vehicle", 40), (VIEW, "permits.permit", 25),
        (CREATE, "permits.permit", 15), (CHANGE, "permits.permit", 12),
        (VIEW, "drivers.driver", 8),
    ),
    "patrol": (
        (VIEW, "vehicles.vehicle", 45), (VIEW, "drivers.driver", 35),
        (CREATE, "fines.fine", 15), (VIEW, "fines.fine", 5),
    ),
    "case": (
        (VIEW, "fines.fine", 40), (CHANGE, "fines.fine", 30),
        (VIEW, "drivers.driver", 15), (VIEW, "vehicles.vehicle", 15),
    ),
    "chief": (
        (VIEW, "permits.permit", 45), (CORE, "permits.approve", 20),
        (VIEW, "fines.fine", 25), (CHANGE, "permits.permit", 10),
    ),
    "administrator": (
        (CHANGE, "identity", 30), (VIEW, "identity", 60), (CREATE, "identity", 10),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Happening:
    """One event before it is written."""

    at: datetime
    code: str
    person: Person | None
    resource: str
    address: str
    reason: str = ""
    subject: str = ""


@dataclass
class Person:
    """Somebody with habits."""

    number: int
    uid: str
    organisation: str
    duty: str
    is_police: bool
    kind: str
    pace: float
    address: str
    begin: int
    end: int
    leave: frozenset[int]
    shift: int | None
    core: bool
    switch: tuple[int, str] | None
    busy: dict[int, float] = field(default_factory=dict)

    @property
    def username(self) -> str:
        """The login name."""
        return f"user{self.number:04}"

    def kind_on(self, day: int) -> str:
        """Return the tasks of a day; they may change once, from one day on."""
        return self.switch[1] if self.switch and day >= self.switch[0] else self.kind


class Year:
    """
    One generated year.

    Args:
        users: how many people.
        events: how many events there are about.
        days: how many days.
        seed: what everything follows from.
        with_planted: whether anything unusual is planted.
    """

    def __init__(
        self,
        users: int = 500,
        events: int = 1_000_000,
        days: int = DAYS,
        seed: int = 1,
        *,
        with_planted: bool = True,
    ) -> None:
        self.days = days
        self.seed = seed
        self._chance = Random(seed)
        self.offices = [f"3202{number:02}000000" for number in range(1, 11)]
        self.people = [self._person(number) for number in range(users)]
        self.campaigns = {
            (office, self._chance.randrange(days))
            for office in self.offices
            for _ in range(max(days // 60, 1))
        }
        # Of a working day; logging in and out are two of them.
        working = sum(
            self._is_working(one, day) for one in self.people for day in range(days)
        )
        self._mean = max(events / max(working, 1) - 2.2, 1.0) * 0.92
        self.planted: list[Planted] = []
        self._extra: dict[int, list[Happening]] = {}
        if with_planted:
            self._plant()

    def events(self) -> Iterator[Happening]:
        """Yield everything that happened, in the order of time."""
        for day in range(-60, self.days):
            happened = list(self._extra.get(day, ()))
            if day >= 0:
                for person in self.people:
                    chance = Random(f"{self.seed} {person.number} {day}")
                    happened += self._day_of(person, day, chance)
            yield from sorted(happened, key=lambda one: one.at)

    def moment(self, day: int, hour: float) -> datetime:
        """Return a local time of a day, aware."""
        start = datetime(BEGIN.year, BEGIN.month, BEGIN.day, tzinfo=UTC) - AHEAD
        return start + timedelta(days=day, seconds=round(hour * 3600, 3))

    @property
    def end(self) -> datetime:
        """Return the moment after the last day."""
        return self.moment(self.days, 0)

    def is_free(self, day: int) -> bool:
        """Answer whether the office is closed on a day."""
        on = BEGIN + timedelta(days=day)
        return on.isoweekday() > 5 or on.isoformat() in HOLIDAYS

    def _person(self, number: int) -> Person:
        chance = self._chance
        duty = {0: "system", 1: "security", 2: "audit"}.get(number % 50, "business")
        office = self.offices[number % len(self.offices)]
        shift = number % 3 if number % 12 == 5 else None
        kind = (
            "administrator"
            if duty != "business"
            else chance.choices(("clerk", "patrol", "case", "chief"), (45, 30, 18, 7))[
                0
            ]
        )
        first = 0 if chance.random() < 0.92 else chance.randrange(self.days)
        last = self.days if chance.random() < 0.95 else chance.randrange(self.days)
        away = [chance.randrange(self.days) for _ in range(2)]
        leave = {day for start in away for day in range(start, start + 8)}
        switch = None
        if chance.random() < 0.03 and duty == "business":
            other = chance.choice(("clerk", "patrol", "case"))
            switch = chance.randrange(self.days), other
        return Person(
            number=number,
            uid=f"0199c1f0-0000-7000-8000-{number:012}",
            organisation=SHIFT_OFFICE if shift is not None else office,
            duty=duty,
            is_police=number % 5 < 3,
            kind=kind,
            pace=math.exp(chance.gauss(0, 0.5)),
            address=f"10.{number % 10}.{number // 250}.{number % 250 + 1}",
            begin=first,
            end=max(last, first + 1),
            leave=frozenset(leave),
            shift=shift,
            core=kind == "chief",
            switch=switch,
            busy={
                chance.randrange(self.days): chance.uniform(2, 3)
                for _ in range(max(self.days // 150, 1))
            },
        )

    def _is_working(self, person: Person, day: int) -> bool:
        if not person.begin <= day < person.end or day in person.leave:
            return False
        if person.shift is not None:
            return (day + person.shift) % 3 == 0
        return not self.is_free(day)

    def _day_of(self, person: Person, day: int, chance: Random) -> Iterator[Happening]:
        is_working = self._is_working(person, day)
        # Now and then somebody comes on a free day, or stays into the evening.
        overtime = person.begin <= day < person.end and chance.random() < 0.004
        if not is_working and not overtime:
            return
        factor = math.exp(chance.gauss(-0.045, 0.3)) * person.busy.get(day, 1.0)
        if (person.organisation, day) in self.campaigns:
            factor *= 2.5
        rate = self._mean * person.pace * factor * (1.0 if is_working else 0.3)
        number = _poisson(rate, chance)
        late = is_working and chance.random() < 0.02
        hours = sorted(_hour(person, chance, late=late) for _ in range(number))
        begin = min(hours, default=8.5) - chance.uniform(0.01, 0.1)
        end = max(hours, default=17.0) + chance.uniform(0.01, 0.3)
        address = person.address
        if chance.random() < 0.03:
            address = f"10.{person.number % 10}.200.{chance.randrange(1, 40)}"
        if chance.random() < 0.05:
            yield Happening(
                self.moment(day, begin - 0.01), "authentication:login:refused", person,
                "", address, "wrong", person.username,
            )  # fmt: skip
        login = "authentication:login:succeeded"
        yield Happening(self.moment(day, begin), login, person, "", address)
        for hour in hours:
            code, model = self._act(person, day, chance)
            resource = f"{model}:{chance.randrange(1, 200_000)}"
            yield Happening(self.moment(day, hour), code, person, resource, address)
        if chance.random() < 0.85:
            left = "authentication:login:left"
            yield Happening(self.moment(day, end), left, person, "", address)

    def _act(self, person: Person, day: int, chance: Random) -> tuple[str, str]:
        if chance.random() < 0.0005:
            return "access:function:refused", "page"
        choices = KINDS[person.kind_on(day)]
        code, model, _ = chance.choices(choices, [one[2] for one in choices])[0]
        return code, model

    def _plant(self) -> None:
        for planted, happened in plant(self, Random(self.seed + 1)):
            self.planted.append(planted)
            for one in happened:
                start = self.moment(0, 0)
                self._extra.setdefault((one.at - start).days, []).append(one)


def _hour(person: Person, chance: Random, *, late: bool) -> float:
    if person.shift is not None:
        return chance.uniform(8.0, 31.9) if chance.random() < 0.9 else 20.0
    if late and chance.random() < 0.3:
        return chance.uniform(18.0, 22.0)
    if chance.random() < 0.55:
        return min(max(chance.gauss(10.0, 0.9), 8.2), 12.2)
    return min(max(chance.gauss(15.5, 1.0), 13.2), 18.4)


def _poisson(rate: float, chance: Random) -> int:
    if rate > 60:
        return max(0, round(chance.gauss(rate, math.sqrt(rate))))
    limit, product, number = math.exp(-rate), chance.random(), 0
    while product > limit:
        product *= chance.random()
        number += 1
    return number
