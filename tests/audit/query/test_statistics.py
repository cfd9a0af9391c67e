"""Statistics: every event counted once, in the right day of the project's zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from django.http import QueryDict

from jtsec.audit.query.api import WAYS, Filter, FilterError, overview_of, statistics_of
from jtsec.core.identifiers import uuid7
from tests.audit.query.rows import add, row

pytestmark = pytest.mark.django_db

# Midnight in Shanghai is four in the afternoon of the day before in Greenwich.
LATE = datetime(2024, 3, 1, 15, 59, 59, tzinfo=UTC)
EARLY = datetime(2024, 3, 1, 16, 0, 1, tzinfo=UTC)


@pytest.fixture
def few(db: None) -> None:
    """Write five events around a midnight."""
    add(
        row(LATE, code="authentication:login:succeeded", source_address="10.1.1.1"),
        row(LATE, code="authentication:login:refused", outcome="refused", severity=30),
        row(EARLY, code="permits:permit:queried", actor_username="li", actor_name="李"),
        row(EARLY, code="permits:permit:queried", outcome="failed", severity=40),
        row(EARLY, actor_organisation="320000000000", actor_duty="audit"),
    )


def asked(text: str = "") -> Filter:
    """Return a filter over the two days."""
    return Filter.from_query(QueryDict(f"since=2024-03-01&until=2024-03-02&{text}"))


def counts(by: str, text: str = "") -> dict[str, tuple[int, int, int]]:
    """Return label: count, refused, failed."""
    return {
        line.label: (line.count, line.refused, line.failed)
        for line in statistics_of(asked(text), by).lines
    }


@pytest.mark.clause("A5.10")
def test_days_are_those_of_the_projects_zone(few: None) -> None:
    """A second before midnight and one after it lie in two days."""
    assert counts("day") == {"2024-03-01": (2, 1, 0), "2024-03-02": (3, 0, 1)}
    hours = counts("hour")
    assert len(hours) == 24
    assert hours["23:00"] == (2, 1, 0)
    assert hours["00:00"] == (3, 0, 1)


@pytest.mark.clause("A5.10")
def test_each_way_counts_every_event_once(few: None) -> None:
    """By user, organisation, action, source, result: always five."""
    for by in WAYS:
        assert sum(count for count, _, _ in counts(by).values()) == 5, by
    assert counts("action", "outcome=failed") == {"permits:permit:queried": (1, 0, 1)}


def test_a_line_leads_to_its_events(few: None) -> None:
    """The conditions of a line, added to the filter, count the same."""
    for by in WAYS:
        for line in statistics_of(asked(), by).lines:
            if line.conditions and by != "organisation":
                narrowed = asked().with_texts(line.conditions)
                assert statistics_of(narrowed, "outcome").total == line.count, (
                    by,
                    line,
                )


@pytest.mark.parametrize(
    ("text", "by", "field"),
    [
        ("period=all", "day", "period"),
        ("since=2020-01-01", "day", "period"),
        ("since=2020-01-01&until=2024-01-01", "user", "period"),
        ("until=2026-01-01", "day", "period"),
        ("details=x", "day", "details"),
        ("", "colour", "by"),
    ],
)
def test_what_has_no_end_is_not_counted(text: str, by: str, field: str) -> None:
    """Counting ten years takes the database from everybody else."""
    with pytest.raises(FilterError) as caught:
        statistics_of(Filter.from_query(QueryDict(text)), by)
    assert caught.value.field == field


def test_only_the_busiest_are_listed_and_it_says_so(
    few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table of ten thousand addresses helps nobody."""
    from jtsec.audit.query import statistics

    monkeypatch.setattr(statistics, "LINES", 2)
    found = statistics_of(asked(), "action")
    assert len(found.lines) == 2
    assert found.is_cut


@pytest.mark.clause("A5.10")
def test_an_overview_tells_the_figures(few: None) -> None:
    """Logins, refusals, queries, alarms, by day and by hour."""
    seen = overview_of(asked())
    assert (seen.total, seen.logins, seen.refused_logins, seen.queries) == (5, 1, 1, 2)
    assert (seen.refused, seen.alarming) == (2, 1)
    assert seen.logins_per_day == (1, 0)
    assert seen.refused_logins_per_day == (1, 0)
    assert seen.per_hour[23] == 2
    worst = {code: count for code, _label, count in seen.worst()}
    assert worst == {"authentication:login:refused": 1, "permits:permit:queried": 1}
    assert seen.oldest == LATE


@pytest.mark.clause("A5.10")
def test_the_busiest_are_people_and_not_names_that_somebody_typed(db: None) -> None:
    """Who tries names at the login page cannot fill the list with them."""
    uid = str(uuid7(EARLY))
    add(
        *(row(EARLY, actor_username="guess", actor_kind="unknown") for _ in range(3)),
        row(EARLY, actor_username="li", actor_name="李", actor_uid=uid),
    )
    (line,) = overview_of(asked()).users
    assert (line.count, dict(line.conditions)) == (1, {"uid": uid})
