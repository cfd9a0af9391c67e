"""What pages say instead of codes, and how a year of days is drawn."""

from __future__ import annotations

import pytest

from django.utils.translation import override

from jtsec.console.readable_days import MOST_DAYS, readable
from jtsec.console.reason_words import reason_text, reason_with_code
from jtsec.console.resource_words import resource_text


def test_a_reason_is_told_in_words_and_keeps_its_code() -> None:
    """A list says what happened; one event also says what to look for."""
    with override("en"):
        assert reason_text("user-locked") == "The user was locked"
        assert reason_with_code("user-locked") == "The user was locked (user-locked)"
    assert reason_with_code("of-a-project") == "of-a-project"


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        ("auth.user:7", "user 7"),
        ("auth.user", "user"),
        ("nothing.there:7", "nothing.there:7"),
        ("GET /permits/", "GET /permits/"),
        ("", ""),
    ],
)
def test_a_resource_is_named_as_its_model(resource: str, words: str) -> None:
    """What is no row of a model stays as it is."""
    with override("en"):
        assert resource_text(resource) == words


def test_a_year_is_drawn_by_weeks_and_loses_nothing() -> None:
    """Every day is counted once; a month stays in days."""
    days = [f"{number:03}" for number in range(365)]
    labels, series = readable(days, {"a": [1] * 365})
    assert labels[:2] == ["000", "007"] and len(labels) == len(series["a"]) == 53
    assert sum(series["a"]) == 365
    few = days[:MOST_DAYS]
    assert readable(few, {"a": [1] * len(few)}) == (few, {"a": [1] * len(few)})
