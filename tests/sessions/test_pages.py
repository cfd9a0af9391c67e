"""The whole guard around the sessions: limits, pages, reasons, as people meet them."""

from __future__ import annotations

from typing import Any

import pytest

from django.test import Client

from jtsec.core.context import acting_as, system_actor
from jtsec.identity.api import deactivate
from jtsec.sessions import api
from jtsec.sessions.models import Session
from tests.authentication.persons import PASSWORD, registered

from .conftest import Clock, row_of

pytestmark = pytest.mark.django_db(transaction=True)

LOGIN = "/accounts/login/"
SESSIONS = "/accounts/sessions/"


@pytest.fixture(autouse=True)
def bare_project(settings: Any) -> None:
    """Take the suite's own settings, with everything jtsec adds; cheap hashes."""
    settings.PASSWORD_HASHERS = ["tests.authentication.cheap.CheapHasher"]


@pytest.fixture
def zhang(db: None) -> Any:
    """Return a registered business user."""
    return registered("zhang", 1)


def visitor(address: str = "10.1.1.1", *, with_csrf: bool = False) -> Client:
    """Return a browser that speaks HTTPS."""
    client = Client(enforce_csrf_checks=with_csrf, REMOTE_ADDR=address)
    client.defaults["wsgi.url_scheme"] = "https"
    return client


def enter(client: Client, name: str = "zhang") -> Any:
    """Log in through the page."""
    return client.post(LOGIN, {"username": name, "password": PASSWORD})


@pytest.mark.clause("A9.1")
def test_a_guarded_request_asks_for_session_and_user_alone(
    zhang: Any, django_assert_num_queries: Any
) -> None:
    """With all controls on: two queries, and no write in steady state."""
    client = visitor()
    assert enter(client).status_code == 302
    with django_assert_num_queries(2) as queries:
        assert client.post(f"{SESSIONS}keep-alive/").status_code == 204
    assert all(one["sql"].startswith("SELECT") for one in queries.captured_queries)


@pytest.mark.clause("A9.1")
def test_the_login_page_says_why_a_session_has_ended(zhang: Any, clock: Clock) -> None:
    """After the idle end a page leads to the login page, which says so once."""
    client = visitor()
    enter(client)
    clock.advance(minutes=31)
    answer = client.get(SESSIONS, follow=True)
    assert answer.redirect_chain[-1][0].startswith(LOGIN)
    assert answer.context["ended"] is api.EndReason.IDLE
    assert client.get(LOGIN).context["ended"] is None


@pytest.mark.clause("A9.1")
def test_staying_alive_moves_the_idle_end(zhang: Any, clock: Clock) -> None:
    """The button "stay logged in" counts as activity, up to the absolute limit."""
    client = visitor()
    enter(client)
    for _ in range(25):
        clock.advance(minutes=28)
        assert client.post(f"{SESSIONS}keep-alive/").status_code == 204
    clock.advance(minutes=28)
    assert client.post(f"{SESSIONS}keep-alive/").status_code != 204
    assert Session.objects.get().ended_why == "absolute"


@pytest.mark.clause("A3.2.11")
def test_my_sessions_lists_them_and_ends_the_others(zhang: Any, settings: Any) -> None:
    """Everybody sees where they are logged in, and ends what is not needed."""
    settings.JTSEC_SESSIONS_PER_USER = 3
    here, there, third = visitor("10.1.1.1"), visitor("10.2.2.2"), visitor("10.3.3.3")
    for one in (here, there, third):
        enter(one)
    page = here.get(SESSIONS)
    assert page.status_code == 200
    for address in ("10.1.1.1", "10.2.2.2", "10.3.3.3"):
        assert address in page.content.decode()
    answer = here.post(f"{SESSIONS}end/", {"session": row_of(there).pk}, follow=True)
    assert answer.context["ended"] == "1"
    assert there.get(SESSIONS).status_code == 302
    assert third.get(SESSIONS).status_code == 200
    here.post(f"{SESSIONS}end-others/")
    assert third.get(SESSIONS).status_code == 302
    assert here.get(SESSIONS).status_code == 200


def test_nobody_ends_a_strangers_session(zhang: Any) -> None:
    """A key of somebody else's session, sent with the form, does nothing."""
    registered("li", 2)
    mine, theirs = visitor(), visitor("10.2.2.2")
    enter(mine)
    enter(theirs, "li")
    mine.post(f"{SESSIONS}end/", {"session": row_of(theirs).pk})
    assert theirs.get(SESSIONS).status_code == 200
    assert mine.post(f"{SESSIONS}end/").status_code == 302


@pytest.mark.parametrize("name", ["end", "end-others", "keep-alive"])
def test_ending_needs_a_form_of_this_site(zhang: Any, name: str) -> None:
    """Neither a link nor another site's form ends or prolongs anything."""
    client = visitor(with_csrf=True)
    client.force_login(zhang)
    assert client.get(f"{SESSIONS}{name}/").status_code == 405
    assert client.post(f"{SESSIONS}{name}/").status_code == 403
    assert client.get(SESSIONS).status_code == 200


def test_a_visitor_sees_no_sessions(db: None) -> None:
    """The pages are for who is logged in."""
    assert visitor().get(SESSIONS).status_code == 302


def test_deactivating_somebody_ends_their_sessions(zhang: Any) -> None:
    """Who is put out of use is out at the next click, and reads why."""
    client = visitor()
    enter(client)
    with acting_as(system_actor("clerk")):
        deactivate(zhang.jtsec_identity, reason="left")
    answer = client.get(SESSIONS, follow=True)
    assert answer.context["ended"] is api.EndReason.DEACTIVATED


@pytest.mark.clause("A9.2")
def test_administrators_find_a_place_in_a_full_house(settings: Any, db: None) -> None:
    """The reserve is for the duties that can help, and only for them."""
    settings.JTSEC_SESSIONS_TOTAL = 3
    settings.JTSEC_SESSIONS_ADMIN_RESERVE = 1
    for which, name in enumerate(("zhang", "li", "wang"), start=1):
        registered(name, which)
    registered("sysadmin", 4, duty="system")
    registered("auditor", 5, duty="audit")
    names = ("zhang", "li", "wang", "sysadmin", "auditor")
    answers = [enter(visitor(f"10.1.1.{n}"), name) for n, name in enumerate(names)]
    assert [one.status_code for one in answers] == [302, 302, 403, 302, 403]


@pytest.mark.clause("A9.3")
def test_a_full_house_is_no_failed_login(zhang: Any, settings: Any) -> None:
    """Being refused a place is not charged against the user or the terminal."""
    settings.JTSEC_SESSIONS_WHEN_FULL = "refuse"
    first = visitor()
    enter(first)
    for _ in range(8):
        assert enter(visitor("10.2.2.2")).status_code == 403
    first.post("/accounts/logout/")
    assert enter(visitor("10.2.2.2")).status_code == 302
