"""The notice after login and somebody's own sessions, for programs."""

from __future__ import annotations

from typing import Any

import pytest

from django.test import Client

pytest.importorskip("rest_framework")

from jtsec.audit.coverage import attacks
from jtsec.sessions.models import Session
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD
from tests.rest.callers import caller
from tests.rest.signers import get, signed, terminal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def site(settings: Any, cheap_passwords: None) -> None:  # noqa: F811 - a fixture
    """Serve the interfaces; somebody may be logged in twice."""
    settings.ROOT_URLCONF = "tests.rest.interface_urls"
    settings.SESSION_COOKIE_SECURE = False
    settings.REST_FRAMEWORK = {
        "EXCEPTION_HANDLER": "jtsec.errors.rest.exception_handler"
    }
    settings.JTSEC_SESSIONS_PER_USER = 3
    attacks.forget()


def again(username: str) -> Client:
    """Log somebody in at a second place."""
    client = Client()
    form = {"username": username, "password": PASSWORD}
    assert client.post("/accounts/login/", form).status_code == 302
    return client


@pytest.mark.clause("A3.2.12")
def test_the_notice_tells_of_this_login_and_of_what_failed() -> None:
    """As the page does."""
    first = caller()
    Client().post("/accounts/login/", {"username": "business5", "password": "wrong"})
    second = again("business5")
    told = second.get("/api/notice/").json()
    assert told["this"]["address"] == "127.0.0.1"
    assert told["previous"] is not None
    assert (told["failure_count"], len(told["failures"])) == (1, 1)
    assert told["days_left_password"] > 0
    assert first.get("/api/notice/").status_code == 200


@pytest.mark.clause("A9.3")
def test_somebody_ends_their_other_sessions_and_nobody_elses() -> None:
    """This one ends by logging out; a stranger's is not there."""
    one, other = caller(), again("business5")
    stranger = caller(which=1)
    listed = one.get("/api/sessions/").json()
    assert [row["is_this"] for row in listed] == [False, True]
    theirs = stranger.get("/api/sessions/").json()[0]["id"]
    (this,) = (row["id"] for row in listed if row["is_this"])
    (that,) = (row["id"] for row in listed if not row["is_this"])
    for refused in (this, theirs, "0" * 64):
        assert one.delete(f"/api/sessions/{refused}/").status_code == 404
    assert one.delete("/api/sessions/nonsense/").status_code == 404
    assert one.delete(f"/api/sessions/{that}/").status_code == 204
    assert other.get("/api/sessions/").status_code == 401
    assert Session.objects.get(pk=that).ended_why == "by-owner"
    again("business5")
    ended = one.post("/api/sessions/end-others/", content_type="application/json")
    assert ended.json() == {"ended": 1}
    assert stranger.get("/api/sessions/").status_code == 200


@pytest.mark.clause("A8.1")
def test_another_site_cannot_end_a_session() -> None:
    """A call that changes something needs the form token."""
    caller()
    client = Client(enforce_csrf_checks=True)
    form = {"username": "business5", "password": PASSWORD}
    page = client.get("/accounts/login/")
    token = page.context["csrf_token"]
    client.post("/accounts/login/", {**form, "csrfmiddlewaretoken": str(token)})
    place, kind = "/api/sessions/end-others/", "application/json"
    refused = client.post(place, content_type=kind)
    assert refused.status_code == 403
    token = client.cookies["csrftoken"].value
    answer = client.post(place, content_type=kind, headers={"x-csrftoken": token})
    assert answer.status_code == 200


@pytest.mark.clause("A4.13")
@pytest.mark.parametrize(
    "url", ["/api/notice/", "/api/sessions/", "/api/approvals/", "/api/audit/records/"]
)
def test_these_are_for_people(url: str) -> None:
    """A visitor is told to log in, and a key opens none of them."""
    assert Client().get(url).status_code == 401
    caller()
    client = terminal("business5")
    assert get(signed(client, url=url), url).status_code == 401
