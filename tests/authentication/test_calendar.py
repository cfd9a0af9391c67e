"""Working days by the calendar of an administrator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from jtsec.audit.rules.office_hours import Days
from jtsec.authentication import calendar
from jtsec.authentication.authority import NotAllowed
from jtsec.authentication.models import CalendarDay
from jtsec.core.context import acting_as, system_actor
from jtsec.fields.api import RowSealBroken
from tests.authentication.persons import by_sql
from tests.authentication.recorded import last

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A3.2.8")]

MONDAY, SATURDAY = date(2026, 2, 16), date(2026, 2, 14)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    calendar.forget_days()
    yield
    calendar.forget_days()


def test_without_a_calendar_monday_to_friday_are_worked() -> None:
    """Nothing has to be filled in before the restriction works."""
    assert calendar.is_workday(MONDAY)
    assert not calendar.is_workday(SATURDAY)


def test_a_festival_is_free_and_its_saturday_is_worked() -> None:
    """What an administrator declares counts, and is recorded."""
    with acting_as(system_actor("calendar")):
        calendar.set_days({MONDAY: False, SATURDAY: True}, reason="春节", name="春节")
    assert not calendar.is_workday(MONDAY)
    assert calendar.is_workday(SATURDAY)
    event = last("authentication:calendar:changed")
    assert event["data"]["after"] == {"2026-02-14": True, "2026-02-16": False}


def test_nobody_may_not_change_the_calendar() -> None:
    """Without an actor nothing changes."""
    with pytest.raises(NotAllowed):
        calendar.set_days({MONDAY: False}, reason="x")
    assert not CalendarDay.objects.exists()


def test_a_day_altered_by_sql_is_not_believed() -> None:
    """A holiday turned into a working day lets nobody in."""
    with acting_as(system_actor("calendar")):
        calendar.set_days({MONDAY: False}, reason="春节")
    by_sql("jtsec_calendarday", "is_working", True, date=MONDAY)
    calendar.forget_days()
    with pytest.raises(RowSealBroken):
        calendar.is_workday(MONDAY)


@pytest.mark.clause("A5.7")
def test_the_rules_of_the_audit_know_the_same_holidays() -> None:
    """Work on a festival is out of hours, on the Saturday worked for it is not."""
    epoch = date(1970, 1, 1)
    worked = (1, 2, 3, 4, 5)
    with acting_as(system_actor("calendar")):
        calendar.set_days({MONDAY: False, SATURDAY: True}, reason="春节", name="春节")
    days = Days()
    assert not days.is_worked((MONDAY - epoch).days, worked)
    assert days.is_worked((SATURDAY - epoch).days, worked)
