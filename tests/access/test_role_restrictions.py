"""Whoever holds a role is held to where and when it lets them in (clause A3.2.8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from jtsec.access import policy
from jtsec.access.api import assign, change_role, revoke
from jtsec.authentication import shared_restrictions
from jtsec.authentication.accounts import write_account
from jtsec.authentication.api import NotAllowed, define_place, standing_of
from jtsec.authentication.conf import authentication_settings
from jtsec.core.clock import now
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import CannotVerify
from jtsec.sessions.models import Session
from tests.access.declared import acting
from tests.access.offices import QUERY, SYSTEM, WHY, an_office, role
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD, loaded
from tests.authentication.recorded import last

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A3.2.8")]


@pytest.fixture(autouse=True)
def office(cheap_passwords: None) -> Iterator[Any]:  # noqa: F811 - a fixture of its name
    """Give people; zhang may log in."""
    with an_office() as made, acting_as(system_actor("a-test")):
        user = loaded("zhang")
        user.set_password(PASSWORD)
        user.save()
        write_account(user, must_change_password=False, must_change_why="")
        yield made


def restricted(to: Any, **restrictions: Any) -> Any:
    """Give a role with restrictions."""
    return assign(to, role("asks", QUERY, restrictions=restrictions), reason=WHY)


def log_in(address: str = "127.0.0.1") -> str:
    """Try to log in; return why not, or nothing."""
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = address
    try:
        user = authenticate(request, username="zhang", password=PASSWORD)
    except PermissionDenied:
        user = None
    if user is not None:
        return ""
    refusal: Any = request.jtsec_login_refusal  # type: ignore[attr-defined]
    told = last("authentication:login:refused")
    assert told["reason"] == refusal.reason
    assert told["data"]["rule"] == "role:asks"
    assert "asks" not in refusal.sentence
    return str(refusal.reason)


def test_a_role_lets_its_holders_in_from_its_networks(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exact in the audit, general for the person; others are not held to it."""
    made = restricted(office.zhang, networks=["10.1.0.0/16"])
    assert log_in("10.1.2.3") == ""
    assert log_in("10.2.2.3") == "network-not-allowed"
    with monkeypatch.context() as patch:
        patch.setattr(shared_restrictions, "_source", lambda user, at: ())
        assert log_in("10.2.2.3") == ""
    revoke(made, reason=WHY)
    assert log_in("10.2.2.3") == ""


def test_a_role_lets_its_holders_in_at_its_hours(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the wall clock, like an account's own."""
    restricted(office.zhang, hours=["08:00-18:00"], weekdays=[1, 2, 3, 4, 5])
    for text, reason in (
        ("2026-12-02T09:00", ""),
        ("2026-12-02T19:00", "out-of-hours"),
        ("2026-12-05T09:00", "day-not-allowed"),
    ):
        at = datetime.fromisoformat(f"{text}+08:00")
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        assert log_in() == reason


def test_a_role_lets_its_holders_in_from_its_places(office: Any) -> None:
    """A place is known by its name when the role is made."""
    define_place("一号窗口", ["10.3.0.0/24"], reason=WHY)
    restricted(office.zhang, places=["一号窗口"])
    assert log_in("10.3.0.9") == ""
    assert log_in("10.3.1.9") == "place-not-allowed"
    define_place("一号窗口", ["10.3.1.0/24"], reason=WHY)
    assert log_in("10.3.1.9") == ""
    assert log_in("10.3.0.9") == "place-not-allowed"


def test_a_place_of_ones_own_role_is_moved_by_somebody_else(office: Any) -> None:
    """Whether the place stands on the account or on the role."""
    define_place("机房", ["10.3.0.0/24"], reason=WHY)
    keeps = role("keeps", SYSTEM, duty="system", restrictions={"places": ["机房"]})
    assign(office.sys, keeps, reason=WHY)
    with acting(office.sys), pytest.raises(NotAllowed):
        define_place("机房", ["10.0.0.0/8"], reason=WHY)


def test_a_role_may_want_a_new_password_sooner_and_never_later(office: Any) -> None:
    """The settings' days stay the most."""
    made = restricted(office.zhang, password_days=10)
    later = now() + timedelta(days=11)
    assert standing_of(loaded("zhang"), later).reason == "password-expired"
    revoke(made, reason=WHY)
    assert standing_of(loaded("zhang"), later).reason == ""
    again = role("long", QUERY, restrictions={"password_days": 3000})
    assign(office.zhang, again, reason=WHY)
    most = authentication_settings().password_max_days
    much_later = now() + timedelta(days=most + 1)
    assert standing_of(loaded("zhang"), much_later).reason == "password-expired"


def test_a_live_session_is_held_to_a_role(office: Any, client: Client) -> None:
    """A restriction that is set now ends the session at its next request."""
    asks = role("asks", QUERY)
    assign(office.zhang, asks, reason=WHY)
    client.post("/accounts/login/", {"username": "zhang", "password": PASSWORD})
    session = Session.objects.get(user=office.zhang.user)
    client.get("/accounts/sessions/")
    session.refresh_from_db()
    assert session.ended_at is None
    change_role(asks, restrictions={"networks": ["10.0.0.0/8"]}, reason=WHY)
    policy.forget()
    client.get("/accounts/sessions/")
    session.refresh_from_db()
    assert session.ended_at is not None
    told = last("authentication:session:refused")
    assert told["reason"] == "network-not-allowed"
    assert told["data"]["rule"] == "role:asks"


def test_where_no_role_restricts_nothing_is_asked(
    office: Any, django_assert_num_queries: Any
) -> None:
    """A list of all accounts costs no query for each."""
    assign(office.zhang, role("asks", QUERY), reason=WHY)
    user = loaded("zhang")
    policy.current().roles  # noqa: B018 - read, and remembered
    with django_assert_num_queries(0):
        standing_of(user, now())


def test_where_a_role_cannot_be_verified_the_password_is_due(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is known of what it asks for, so the strictest holds."""

    def unknown(user: Any, at: Any) -> Any:
        raise CannotVerify("no key")

    monkeypatch.setattr(shared_restrictions, "_source", unknown)
    assert standing_of(loaded("zhang"), now()).reason == "password-expired"
    assert log_in_unsaid() == "cannot-verify"


def log_in_unsaid() -> str:
    """Try to log in; return why not."""
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    assert authenticate(request, username="zhang", password=PASSWORD) is None
    return str(last("authentication:login:refused")["reason"])
