"""From where and when somebody may log in, and stay."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from jtsec.authentication.exceptions import LoginRefused
from jtsec.authentication.models import Account
from jtsec.authentication.restrictions import check_source, check_time
from jtsec.core.source import Source

pytestmark = pytest.mark.clause("A3.2.8")

OFFICE = Source("10.1.2.3", terminal="T-01", mac="00:1a:2b:3c:4d:5e")


def refusal(account: Account, source: Source = OFFICE) -> str:
    """Return why a source is refused, or nothing."""
    try:
        check_source(account, source)
    except LoginRefused as refused:
        return refused.reason
    return ""


def at(text: str) -> datetime:
    """Return a moment of Beijing's wall clock, as the server's UTC."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def refusal_at(account: Account, text: str) -> str:
    """Return why a moment is refused, or nothing."""
    try:
        check_time(account, at(text))
    except LoginRefused as refused:
        return refused.reason
    return ""


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({}, ""),
        ({"networks": ["10.1.0.0/16"]}, ""),
        ({"networks": ["10.2.0.0/16", "10.1.2.3/32"]}, ""),
        ({"networks": ["10.2.0.0/16"]}, "network-not-allowed"),
        ({"terminals": ["T-01"]}, ""),
        ({"terminals": ["00:1a:2b:3c:4d:5e"]}, ""),
        ({"terminals": ["T-02"]}, "terminal-not-allowed"),
        ({"places": {"一号窗口": ["10.1.2.0/24"]}}, ""),
        ({"places": {"一号窗口": ["10.9.0.0/24"]}}, "place-not-allowed"),
        (
            {"networks": ["10.1.0.0/16"], "terminals": ["T-02"]},
            "terminal-not-allowed",
        ),
    ],
)
def test_every_kind_that_is_set_must_hold(limits: dict[str, Any], reason: str) -> None:
    """One entry of a kind is enough; one kind that fails refuses."""
    assert refusal(Account(**limits)) == reason


@pytest.mark.parametrize("limits", [{"networks": ["0.0.0.0/0"]}, {"terminals": ["T"]}])
def test_who_comes_from_nowhere_is_refused(limits: dict[str, Any]) -> None:
    """A request without an address or terminal meets no restriction."""
    assert refusal(Account(**limits), Source())


def test_an_address_wrapped_in_ipv6_is_the_same_machine() -> None:
    """`::ffff:10.1.2.3` gets no other answer than `10.1.2.3`."""
    account = Account(networks=["10.1.0.0/16"])
    assert refusal(account, Source("::ffff:10.1.2.3")) == ""


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        ("2026-03-02T07:59:59", "out-of-hours"),
        ("2026-03-02T08:00:00", ""),
        ("2026-03-02T17:59:59", ""),
        ("2026-03-02T18:00:00", "out-of-hours"),
        ("2026-03-02T00:00:00", "out-of-hours"),
    ],
)
def test_hours_are_of_the_projects_zone(moment: str, reason: str) -> None:
    """08:00-18:00 means Beijing's clock although the server keeps UTC."""
    assert refusal_at(Account(hours=["08:00-18:00"]), moment) == reason


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        ("2026-03-06T21:59:00", "out-of-hours"),
        ("2026-03-06T22:00:00", ""),
        ("2026-03-07T05:59:00", ""),
        ("2026-03-07T06:00:00", "day-not-allowed"),
        ("2026-03-07T22:00:00", "day-not-allowed"),
        ("2026-03-08T02:00:00", "day-not-allowed"),
        ("2026-03-02T02:00:00", "out-of-hours"),
    ],
)
def test_a_night_shift_belongs_to_the_day_it_begins_on(
    moment: str, reason: str
) -> None:
    """Friday's shift may end on Saturday morning; Sunday's night is nobody's."""
    account = Account(hours=["22:00-06:00"], weekdays=[1, 2, 3, 4, 5])
    assert refusal_at(account, moment) == reason


def test_hours_from_midnight_to_midnight_are_the_whole_day() -> None:
    """The first and the last minute are inside."""
    account = Account(hours=["00:00-24:00"])
    assert refusal_at(account, "2026-03-02T00:00:00") == ""
    assert refusal_at(account, "2026-03-02T23:59:59") == ""


def test_weekdays_alone_restrict_the_day() -> None:
    """2026-03-01 is a Sunday."""
    account = Account(weekdays=[7])
    assert refusal_at(account, "2026-03-01T12:00:00") == ""
    assert refusal_at(account, "2026-03-02T12:00:00") == "day-not-allowed"
