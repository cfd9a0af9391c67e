"""Counting is done by the database, days and hours are those of the project."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jtsec.audit.reports import figures
from jtsec.audit.reports.attacks import CLASSES, by_class, class_of
from jtsec.audit.reports.figures import LOGIN, LOGIN_REFUSED
from jtsec.audit.reports.period import Period
from tests.audit.reports.past import GUESSER, fill

pytestmark = pytest.mark.django_db
DAYS = Period(date(2026, 10, 1), date(2026, 10, 31))


@pytest.fixture(autouse=True)
def _october(settings: Any) -> None:
    """Put one small day into October, and one just outside of it on either side."""
    settings.TIME_ZONE = "Asia/Shanghai"
    fill(Period(date(2026, 10, 15), date(2026, 10, 15)).since)
    fill(Period(date(2026, 9, 30), date(2026, 9, 30)).since)
    fill(Period(date(2026, 11, 1), date(2026, 11, 1)).since)


@pytest.mark.clause("A5.10")
def test_a_month_counts_what_happened_in_it_here() -> None:
    """The login of half past eleven at night belongs to its day, not to the next."""
    counted = figures.figures_of(DAYS)
    assert counted.total() == 9
    assert counted.total(LOGIN) == 3
    assert counted.total(LOGIN_REFUSED) == 4
    assert counted.per_day(LOGIN)[14] == 3
    assert sum(counted.per_day()) == 9
    assert counted.per_hour(LOGIN)[8] == counted.per_hour(LOGIN)[23] == 1
    assert counted.per_hour(LOGIN_REFUSED)[3] == 4


def test_figures_come_by_one_query() -> None:
    """However many days and codes there are."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as queries:
        figures.figures_of(DAYS)
    assert len(queries) == 1


def test_who_and_where() -> None:
    """Persons, organisations and sources, the busiest first."""
    assert list(figures.by_organisation(DAYS)) == [
        ("320100000000", 2, 0),
        ("320200000000", 2, 0),
    ]
    people = [(person.username, count) for person, count, _ in figures.busiest(DAYS, 9)]
    assert people == [("=wang", 2), ("auditor", 1), ("zhang", 1)]
    assert [one[0].username for one in figures.administrators(DAYS)] == ["auditor"]
    assert figures.people_by_kind(DAYS) == (2, 1)
    codes = [LOGIN_REFUSED, "authentication:user:locked"]
    assert figures.sources_of(DAYS, codes, 5) == [(GUESSER, 5, 1)]
    assert figures.spread_of(DAYS, codes) == (1, 1)


@pytest.mark.clause("P47")
def test_every_attack_has_one_class() -> None:
    """What is refused for another reason has none."""
    assert class_of("authentication:login:refused") is CLASSES[0]
    assert class_of("authentication:user:locked") is CLASSES[0]
    assert class_of("access:function:refused") is CLASSES[2]
    assert class_of("access:policy:altered") is CLASSES[4]
    assert class_of("access:role:assigned") is None
    assert class_of("sessions:login:user-full") is None
    found = by_class(["audit:attack:csrf", "sessions:login:user-full"])
    assert [len(codes) for codes in found.values()] == [0, 0, 0, 0, 0, 1, 0]
