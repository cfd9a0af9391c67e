"""
What is planted in a generated year: each thing with who, when, and the rule for it.

Also what no rule is for, or what lies below a threshold, so that the misses are counted
and not only the hits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from jtsec.audit.coverage import events as coverage

if TYPE_CHECKING:
    from benchmarks.history import Happening, Person, Year

VIEW: Final = coverage.RecordsViewed.declaration.code
DELETE: Final = coverage.RowDeleted.declaration.code
CORE: Final = coverage.CoreFunctionCalled.declaration.code


@dataclass(frozen=True)
class Planted:
    """
    One thing that somebody should be told of.

    Args:
        label: what it is.
        rule: the rule that is there for it; "" when none is.
        uid: whose it is, "" for nobody's.
        begin: when it begins.
        end: when it is over.
    """

    label: str
    rule: str
    uid: str
    begin: datetime
    end: datetime


Plan = Iterator[tuple[Planted, list["Happening"]]]


def plant(year: Year, chance: Random) -> Plan:
    """Yield everything that is planted, with its events."""
    yield from _asleep(year)
    for make in (
        _fast, _slow, _never_done, _twice_as_much, _at_night, _glance_at_night,
        _from_many_places, _from_two_places, _altered, _locked, _new_core,
        _often_core, _core_at_night, _one_vehicle, _ever_more,
    ):  # fmt: skip
        yield from make(year, chance)


def _fast(year: Year, chance: Random) -> Plan:
    for person, day in _picked(year, chance, 6):
        views = _views(year, person, day, 10.3, 300, 2.0, chance)
        yield _told("300 queries in ten minutes", "high-frequency", person, views)


def _slow(year: Year, chance: Random) -> Plan:
    for person, day in _picked(year, chance, 6):
        views = _views(year, person, day, 9.0, 300, 36.0, chance)
        yield _told("300 queries over three hours", "unusual-business", person, views)


def _never_done(year: Year, chance: Random) -> Plan:
    from benchmarks.history import Happening

    for person, day in _picked(year, chance, 5):
        deletes = [
            Happening(
                year.moment(day, 14 + number / 40), DELETE, person,
                f"fines.fine:{chance.randrange(1, 200_000)}", person.address,
            )
            for number in range(60)
        ]  # fmt: skip
        label = "60 deletions by somebody who never deletes"
        yield _told(label, "unusual-business", person, deletes)


def _twice_as_much(year: Year, chance: Random) -> Plan:
    for person, day in _picked(year, chance, 5):
        views = _views(year, person, day, 13.5, 45, 240.0, chance)
        label = "45 queries more than usual in an afternoon"
        yield _told(label, "unusual-business", person, views)


def _at_night(year: Year, chance: Random) -> Plan:
    for person, day in _picked(year, chance, 8):
        views = _views(year, person, day, 2.1, 25, 100.0, chance)
        yield _told("25 queries at two in the morning", "out-of-hours", person, views)


def _glance_at_night(year: Year, chance: Random) -> Plan:
    for person, day in _picked(year, chance, 4):
        views = _views(year, person, day, 3.2, 3, 40.0, chance)
        yield _told("3 queries at three in the morning", "out-of-hours", person, views)


def _from_many_places(year: Year, chance: Random) -> Plan:
    for person, day in _picked(year, chance, 6):
        yield _told(
            "one account at four addresses within minutes", "many-places", person,
            _places(year, person, day, 4, chance),
        )  # fmt: skip


def _from_two_places(year: Year, chance: Random) -> Plan:
    for person, day in _picked(year, chance, 3):
        yield _told(
            "one account at two addresses", "many-places", person,
            _places(year, person, day, 2, chance),
        )  # fmt: skip


def _altered(year: Year, chance: Random) -> Plan:
    from benchmarks.history import Happening

    for person, day in _picked(year, chance, 5):
        found = Happening(
            year.moment(day, 11.2), "identity:seal:broken", None,
            f"identity:{person.uid}", "", "seal", person.username,
        )  # fmt: skip
        yield _told("a person's row altered by SQL", "failed-integrity", None, [found])


def _locked(year: Year, chance: Random) -> Plan:
    from benchmarks.history import Happening

    for person, day in _picked(year, chance, 4):
        at = year.moment(day, 4.0)
        address = f"10.77.0.{chance.randrange(1, 250)}"
        tries = [
            Happening(
                at + timedelta(seconds=20 * number), "authentication:login:refused",
                None, "", address, "wrong", person.username,
            )
            for number in range(5)
        ]  # fmt: skip
        lock = Happening(
            at + timedelta(seconds=101), "authentication:user:locked", None, "",
            address, "", person.username,
        )  # fmt: skip
        yield _told("a user locked after guesses", "event", None, [*tries, lock])


def _new_core(year: Year, chance: Random) -> Plan:
    for person, day in _picked(year, chance, 6, core=False):
        uses = _core(year, person, day, 15.0, 2)
        label = "a core function by somebody who never used it"
        yield _told(label, "core-function", person, uses)


def _often_core(year: Year, chance: Random) -> Plan:
    for person, day in _picked(year, chance, 3, core=True):
        uses = _core(year, person, day, 13.6, 80)
        yield _told("80 uses of a core function", "core-function", person, uses)


def _core_at_night(year: Year, chance: Random) -> Plan:
    for person, day in _picked(year, chance, 4, core=True):
        uses = _core(year, person, day, 23.1, 2)
        yield _told("a core function at night", "core-function", person, uses)


def _one_vehicle(year: Year, chance: Random) -> Plan:
    from benchmarks.history import Happening

    for person, day in _picked(year, chance, 3):
        plate = f"vehicles.vehicle:{chance.randrange(1, 200_000)}"
        views = [
            Happening(
                year.moment(day + number // 8, 9.5 + number % 8), VIEW, person, plate,
                person.address,
            )
            for number in range(32)
        ]  # fmt: skip
        yield _told("one vehicle looked up every hour for days", "", person, views)


def _ever_more(year: Year, chance: Random) -> Plan:
    for person, day in _picked(year, chance, 2):
        views = [
            one
            for week in range(6)
            for one in _views(
                year, person, max(day - 42, 30) + 7 * week, 10.0, 2 + 2 * week, 300.0,
                chance,
            )
        ]  # fmt: skip
        yield _told("a little more every week", "", person, views)


def _asleep(year: Year) -> Plan:
    """Accounts last used before the year: four wake up in it, three never."""
    from benchmarks.history import Happening

    login = "authentication:login:succeeded"
    for number, person in enumerate(
        year.people[3 :: max(len(year.people) // 8, 1)][:7]
    ):
        person.begin = person.end = year.days + 1
        early = Happening(
            year.moment(-55 + number, 9.5), login, person, "", person.address
        )
        if number < 4:
            woken = Happening(
                year.moment(year.days - 20 + number, 10.5), login, person, "",
                person.address,
            )  # fmt: skip
            told = Planted(
                "an account used again after a year", "dormant-account", person.uid,
                woken.at, woken.at,
            )  # fmt: skip
            yield told, [early, woken]
        else:
            told = Planted(
                "an account unused for a year", "dormant-account-unused", person.uid,
                year.moment(0, 0), year.end,
            )  # fmt: skip
            yield told, [early]


def _picked(
    year: Year, chance: Random, number: int, *, core: bool | None = None
) -> Iterator[tuple[Person, int]]:
    """Yield somebody of the offices, and an ordinary day of theirs."""
    most = min(number, max(len(year.people) // 12, 1))
    for _ in range(100_000):
        if not most:
            return
        person = chance.choice(year.people)
        day = chance.randrange(min(60, year.days // 2), max(year.days - 8, 2))
        if person.shift is not None or person.duty != "business" or year.is_free(day):
            continue
        if not person.begin <= day - 30 or not day + 5 < person.end:
            continue
        if core is None or person.core is core:
            most -= 1
            yield person, day
    raise ValueError("a year of so few days or people has no room for what is planted")


def _views(
    year: Year,
    person: Person,
    day: int,
    hour: float,
    number: int,
    apart: float,
    chance: Random,
) -> list[Happening]:
    from benchmarks.history import Happening

    at = year.moment(day, hour)
    found = []
    for _ in range(number):
        resource = f"vehicles.vehicle:{chance.randrange(1, 200_000)}"
        found.append(Happening(at, VIEW, person, resource, person.address))
        at += timedelta(seconds=apart * chance.uniform(0.5, 1.5))
    return found


def _places(
    year: Year, person: Person, day: int, number: int, chance: Random
) -> list[Happening]:
    from benchmarks.history import Happening

    return [
        Happening(
            year.moment(day, 10.5 + turn / 20), VIEW, person,
            f"drivers.driver:{chance.randrange(1, 200_000)}",
            person.address if turn % number == 0 else f"10.66.{turn % number}.9",
        )
        for turn in range(number * 2)
    ]  # fmt: skip


def _core(
    year: Year, person: Person, day: int, hour: float, number: int
) -> list[Happening]:
    from benchmarks.history import Happening

    return [
        Happening(
            year.moment(day, hour + turn * 0.03), CORE, person,
            f"permits.approve:{turn + 1}", person.address,
        )
        for turn in range(number)
    ]  # fmt: skip


def _told(
    label: str, rule: str, person: Person | None, events: list[Happening]
) -> tuple[Planted, list[Happening]]:
    first = min(one.at for one in events)
    last = max(one.at for one in events)
    return Planted(label, rule, person.uid if person else "", first, last), events
