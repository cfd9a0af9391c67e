"""The page on which people change their password."""

from __future__ import annotations

from typing import Any

import pytest

from django.test import Client

from jtsec.authentication.api import standing_of
from jtsec.authentication.exceptions import LOCKED
from jtsec.authentication.models import Account
from jtsec.core.clock import now
from jtsec.sessions.models import Session
from tests.authentication.conftest import log_in
from tests.authentication.persons import OTHER, PASSWORD, loaded
from tests.authentication.recorded import codes

pytestmark = pytest.mark.django_db
PAGE = "/accounts/password/"


def change(
    client: Client, old: str = PASSWORD, new: str = OTHER, again: str = ""
) -> Any:
    """Send the form."""
    form = {
        "old_password": old,
        "new_password": new,
        "new_password_again": again or new,
    }
    return client.post(PAGE, form)


@pytest.mark.clause("A3.2.3", "A3.2.9")
def test_a_change_begins_a_new_term_and_ends_other_sessions(
    browser: Client, settings: Any
) -> None:
    """This session goes on under a new key; the one elsewhere ends."""
    settings.JTSEC_SESSIONS_PER_USER = 2
    elsewhere = Client()
    log_in(elsewhere)
    before = browser.cookies["sessionid"].value
    response = change(browser)
    assert response.headers["Location"] == "/accounts/last-login/?changed=1"
    assert browser.cookies["sessionid"].value != before
    assert browser.get("/accounts/last-login/?changed=1").status_code == 200
    assert elsewhere.get("/accounts/last-login/").status_code == 302
    ended = Session.objects.filter(ended_why="password-changed")
    assert ended.count() == 1
    assert standing_of(loaded("zhang"), now()).days_left_password == 90
    assert "authentication:password:changed" in codes()
    assert log_in(Client(), password=OTHER).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        (OTHER, OTHER + "x", ""),
        (PASSWORD, "short1!", ""),
        (PASSWORD, OTHER, OTHER + "y"),
        (PASSWORD, PASSWORD, ""),
        (PASSWORD, "Zhang-2026-000001!", ""),
        (PASSWORD, "x" * 5000, ""),
        (PASSWORD, "Tab-\x00-2026!!", ""),
        ("", OTHER, ""),
    ],
)
@pytest.mark.clause("A3.2.3")
def test_what_breaks_a_rule_changes_nothing(
    browser: Client, old: str, new: str, again: str
) -> None:
    """The page says what is wrong and sends no password back."""
    response = change(browser, old, new, again)
    assert response.status_code == 200
    page = response.content.decode()
    assert "jtsec-errors" in page
    assert new not in page
    assert log_in(Client()).status_code == 302


@pytest.mark.clause("A3.2.6")
def test_an_open_session_is_no_place_to_guess_the_password(browser: Client) -> None:
    """Wrong present passwords are charged as failed logins and lock alike."""
    for _number in range(5):
        change(browser, old="Wrong-One-2026!")
    response = change(browser)
    assert response.status_code == 429
    assert str(LOCKED) in response.content.decode()
    assert log_in(Client()).status_code == 429
    assert Account.objects.get(user__username="zhang").failure_count >= 5


def test_the_page_lists_the_rules(browser: Client) -> None:
    """Before anybody breaks one."""
    assert browser.get(PAGE).content.decode().count("<li>") >= 3


def test_strangers_are_led_to_the_login(db: None) -> None:
    """The page belongs to who is logged in."""
    assert Client().get(PAGE).headers["Location"].startswith("/accounts/login/")
