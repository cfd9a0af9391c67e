"""What a report is about: whole days of the project's time zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from jtsec.audit.reports import period
from jtsec.core.exceptions import InputError


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Stop the clock on 22 November 2026, half past one in the morning in Shanghai."""
    settings.TIME_ZONE = "Asia/Shanghai"
    moment = datetime(2026, 11, 21, 17, 30, tzinfo=UTC)
    monkeypatch.setattr(period, "now", lambda: moment)


def test_a_month_begins_and_ends_at_midnight_here() -> None:
    """Not at midnight of Greenwich, where the database keeps its time."""
    found = period.month_of("2026-10")
    assert found.since.astimezone(UTC) == datetime(2026, 9, 30, 16, tzinfo=UTC)
    assert found.until.astimezone(UTC) == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert len(found.days) == 31
    assert found.is_over


def test_a_day_that_is_not_over_says_so() -> None:
    """A report of today is preliminary."""
    assert not period.day_of("2026-11-22").is_over
    assert period.day_of("2026-11-21").is_over
    assert period.last_month() == "2026-10"


@pytest.mark.parametrize(
    ("make", "texts", "field"),
    [
        (period.month_of, ("2026-13",), "period"),
        (period.month_of, ("2026-11-01",), "period"),
        (period.month_of, ("2026-12",), "period"),
        (period.month_of, ("２０２６-11",), "period"),
        (period.day_of, ("2026-02-30",), "period"),
        (period.day_of, ("2026-11-23",), "period"),
        (period.day_of, ("",), "period"),
        (period.day_of, ("0001-01-01",), "period"),
        (period.month_of, ("0001-01",), "period"),
        (period.between, ("2026-11-02", "2026-11-01"), "last"),
        (period.between, ("2020-01-01", "2026-11-01"), "last"),
        (period.between, ("yesterday", "2026-11-01"), "first"),
    ],
)
def test_nonsense_is_named(
    make: Callable[..., period.Period], texts: tuple[str, ...], field: str
) -> None:
    """The field that is wrong is told; nothing is guessed."""
    with pytest.raises(InputError) as refused:
        make(*texts)
    assert refused.value.field == field


def test_naive_projects_get_naive_bounds(settings: Any) -> None:
    """Where times are stored without a zone, the bounds have none."""
    settings.USE_TZ = False
    assert period.day_of("2026-11-20").since == datetime(2026, 11, 20)  # noqa: DTZ001 - as such a project stores it
