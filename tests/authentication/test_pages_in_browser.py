"""The front door in a real browser, under its content security policy."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.authentication.persons import PASSWORD
from tests.services.browser import require_fits

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def server(zhang: Any, settings: Any, live_server: Any) -> str:
    """Return the address of a server that knows zhang; asked for before the page."""
    settings.SESSION_COOKIE_SECURE = False
    settings.CSRF_COOKIE_SECURE = False
    settings.JTSEC_SESSIONS_IDLE_MINUTES = 1
    # Some seconds below the minute: a page that is made slowly begins with fewer.
    settings.JTSEC_SESSIONS_WARN_SECONDS = 52
    return str(live_server.url)


def enter(page: Page, server: str) -> None:
    """Log in with the keyboard alone."""
    page.goto(f"{server}/accounts/login/")
    page.keyboard.type("zhang")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/last-login/")


@pytest.mark.clause("A3.2.4", "A3.2.12")
def test_a_login_works_by_keyboard_and_within_the_policy(
    server: str, page: Page
) -> None:
    """No complaint of the browser, nothing wider than the window, the field masked."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    enter(page, server)
    require_fits(page)
    page.set_viewport_size({"width": 360, "height": 740})
    require_fits(page)
    assert complaints == []


@pytest.mark.clause("A9.1")
def test_who_wants_to_stay_says_so_before_the_session_ends(
    server: str, page: Page
) -> None:
    """The bar shows the time that is left; one press keeps the session."""
    enter(page, server)
    page.wait_for_selector("#jtsec-idle:not([hidden])")
    with page.expect_response("**/sessions/keep-alive/") as answer:
        page.click("#jtsec-idle button")
    assert answer.value.status == 204
    page.wait_for_selector("#jtsec-idle", state="hidden")
