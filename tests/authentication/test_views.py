"""The front door, as a browser meets it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.test import Client

from jtsec.authentication import api
from jtsec.authentication.accounts import write_account
from jtsec.authentication.calendar import local
from jtsec.authentication.exceptions import LOCKED, WRONG
from jtsec.authentication.models import Account
from jtsec.authentication.restrictions import NOT_FROM_HERE
from jtsec.authentication.standing import NOT_VALID
from jtsec.core.clock import now
from jtsec.core.context import acting_as, system_actor
from jtsec.sessions.models import Session
from tests.authentication.conftest import Clock, log_in
from tests.authentication.persons import OTHER, PASSWORD, loaded, registered
from tests.authentication.recorded import codes, last

pytestmark = pytest.mark.django_db
LOGIN, NOTICE = "/accounts/login/", "/accounts/last-login/"
SOMEBODY = system_actor("clerk")


def live_sessions() -> int:
    """Return how many people are logged in."""
    open_ones = Session.objects.filter(user__isnull=False, ended_at__isnull=True)
    return int(open_ones.count())


@pytest.mark.clause("A3.2.12")
def test_a_login_leads_to_the_notice_and_then_onward(zhang: Any) -> None:
    """Both logins and the failure between them stand on the page."""
    client = Client()
    log_in(client, REMOTE_ADDR="10.0.0.1")
    client.post("/accounts/logout/")
    assert log_in(Client(), password="wrong", REMOTE_ADDR="10.9.9.9").status_code == 200
    response = client.post(
        f"{LOGIN}?next=/permits/7/",
        {"username": "zhang", "password": PASSWORD, "next": "/permits/7/"},
        REMOTE_ADDR="10.0.0.2",
        follow=True,
    )
    assert response.redirect_chain == [(f"{NOTICE}?next=%2Fpermits%2F7%2F", 302)]
    page = response.content.decode()
    for shown in ("10.0.0.1", "10.0.0.2", "10.9.9.9", 'href="/permits/7/"'):
        assert shown in page
    assert codes().count("authentication:login:succeeded") == 2
    assert "authentication:login:left" in codes()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\e"]
)
def test_a_login_leads_to_no_other_site(zhang: Any, target: str) -> None:
    """`next` is somebody else's to write."""
    form = {"username": "zhang", "password": PASSWORD, "next": target}
    response = Client().post(LOGIN, form)
    assert response.headers["Location"] == NOTICE
    page = Client().get(LOGIN, {"next": target}).content.decode()
    assert "evil" not in page and "javascript" not in page


@pytest.mark.clause("A3.2.4", "A3.2.6")
def test_every_wrong_try_reads_the_same(zhang: Any) -> None:
    """An unknown name, a wrong password: one sentence, one status, no password back."""
    pages = []
    for username, password in [("zhang", OTHER), ("nobody", OTHER)]:
        response = log_in(Client(), username, password)
        assert response.status_code == 200
        assert str(WRONG) in response.content.decode()
        assert OTHER not in response.content.decode()
        pages.append(response.content.decode().count("<"))
    assert pages[0] == pages[1]
    assert live_sessions() == 0


@pytest.mark.clause("A3.2.6")
def test_at_the_limit_the_login_process_ends(zhang: Any) -> None:
    """The page says so, offers no field, and the right password does not help."""
    client = Client()
    statuses = [log_in(client, password=OTHER).status_code for _number in range(4)]
    assert statuses == [200] * 4
    for response in (log_in(client, password=OTHER), log_in(client)):
        assert response.status_code == 429
        page = response.content.decode()
        assert str(LOCKED) in page
        assert 'type="password"' not in page
    assert live_sessions() == 0


@pytest.mark.clause("A3.2.8")
def test_a_refusal_is_general_on_the_page_and_exact_in_the_audit(zhang: Any) -> None:
    """The page does not name the network; the event names the reason."""
    with acting_as(SOMEBODY):
        api.set_restrictions(zhang, reason="x", networks=["10.0.0.0/8"])
    response = log_in(Client(), REMOTE_ADDR="192.0.2.1")
    assert response.status_code == 403
    assert str(NOT_FROM_HERE) in response.content.decode()
    assert "10.0.0.0" not in response.content.decode()
    assert last("authentication:login:refused")["reason"] == "network-not-allowed"
    assert log_in(Client(), REMOTE_ADDR="10.0.0.1").status_code == 302


@pytest.mark.clause("A3.2.8")
def test_a_stranger_learns_nothing_of_restrictions(zhang: Any) -> None:
    """Without the password the answer is the same as for everybody."""
    with acting_as(SOMEBODY):
        api.set_restrictions(zhang, reason="x", networks=["10.0.0.0/8"])
    response = log_in(Client(), password=OTHER, REMOTE_ADDR="192.0.2.1")
    assert response.status_code == 200
    assert str(WRONG) in response.content.decode()


@pytest.mark.clause("A3.2.9")
def test_an_expired_user_comes_back_through_reactivation_and_a_new_password(
    zhang: Any, clock: Clock
) -> None:
    """Refused, reactivated, nothing but a change, then in, with a new term."""
    write_account(zhang, valid_until=now() + timedelta(days=1))
    clock.advance(days=100)
    client = Client()
    response = log_in(client)
    assert response.status_code == 403
    assert str(NOT_VALID) in response.content.decode()
    with acting_as(SOMEBODY):
        api.reactivate(zhang, until=now() + timedelta(days=30), reason="返岗")
    assert log_in(client).headers["Location"] == "/accounts/password/"
    assert client.get("/admin/").headers["Location"] == "/accounts/password/"
    client.post(
        "/accounts/password/",
        {
            "old_password": PASSWORD,
            "new_password": OTHER,
            "new_password_again": OTHER,
        },
    )
    found = api.standing_of(loaded("zhang"), now())
    assert (found.must_change_password, found.days_left_password) == (False, 90)
    assert client.get(NOTICE).status_code == 200


@pytest.mark.clause("A3.2.8")
@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"networks": ["10.0.0.0/8"]}, "network-not-allowed"),
        ({"terminals": ["T-01"]}, "terminal-not-allowed"),
    ],
)
def test_an_open_session_is_held_to_new_limits(
    browser: Client, limits: dict[str, Any], reason: str
) -> None:
    """The next request ends it, says so on the login page, and is recorded."""
    assert browser.get(NOTICE).status_code == 200
    with acting_as(SOMEBODY):
        api.set_restrictions(loaded("zhang"), reason="x", **limits)
    response = browser.get(NOTICE)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(LOGIN)
    assert live_sessions() == 0
    assert last("authentication:session:refused")["reason"] == reason
    assert "jtsec-alert-warn" in browser.get(LOGIN).content.decode()


def test_without_the_look_at_every_request_an_open_session_would_stay(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits hold because the middleware asks, not because a login did."""
    monkeypatch.setattr("jtsec.middleware.live_refusal", lambda request: None)
    with acting_as(SOMEBODY):
        api.set_restrictions(loaded("zhang"), reason="x", networks=["10.0.0.0/8"])
    assert browser.get(NOTICE).status_code == 200


@pytest.mark.clause("A3.2.8")
def test_a_session_ends_with_the_hours(zhang: Any, clock: Clock) -> None:
    """A page left open over the evening is no way round the hours."""
    with acting_as(SOMEBODY):
        api.set_restrictions(zhang, reason="x", hours=["08:00-18:00"])
    at = local(now()).replace(hour=17, minute=55) + timedelta(days=1)
    clock.set(at)
    client = Client()
    assert log_in(client).status_code == 302
    assert client.get(NOTICE).status_code == 200
    clock.advance(minutes=10)
    assert client.get(NOTICE).headers["Location"].startswith(LOGIN)
    assert last("authentication:session:refused")["reason"] == "out-of-hours"


def test_a_request_of_somebody_logged_in_asks_no_more_than_who_they_are(
    browser: Client, django_assert_num_queries: Any
) -> None:
    """The session and the user; limits and standing come with them."""
    browser.get("/accounts/password/")
    with django_assert_num_queries(2):
        assert browser.get("/accounts/password/").status_code == 200


@pytest.mark.clause("A3.2.4")
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", [LOGIN, "/accounts/password/"])
def test_a_password_in_the_address_is_refused(
    browser: Client, method: str, page: str
) -> None:
    """Right or wrong it is not looked at; it is recorded without its value."""
    client = browser if page != LOGIN else Client()
    address = f"{page}?username=zhang&password={PASSWORD}"
    response = getattr(client, method)(address)
    assert response.status_code == 400
    assert PASSWORD not in response.content.decode()
    event = last("authentication:login:exposed")
    assert PASSWORD not in str(event)


@pytest.mark.clause("A3.2.4")
def test_the_password_is_masked_never_repeated_never_cached() -> None:
    """The field masks it, the page is kept nowhere."""
    response = Client().get(LOGIN)
    page = response.content.decode()
    assert 'type="password"' in page
    assert 'autocomplete="current-password"' in page
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"username": "zhang"},
        {"password": PASSWORD},
        {"username": "zh\x00ang", "password": PASSWORD},
        {"username": "zhang", "password": "\x00"},
        {"username": "z" * 100_000, "password": "x"},
        {"username": "zhang", "password": "长" * 400_000},
        {"username": "\u202eзhаng\r\n", "password": "x"},
        {"username": "' OR 1=1 --", "password": "' OR 1=1 --"},
    ],
)
def test_what_is_malformed_is_refused_and_changes_nothing(
    zhang: Any, form: dict[str, str]
) -> None:
    """A clear refusal, no error of the server, nobody logged in."""
    response = Client().post(LOGIN, form)
    assert response.status_code == 200
    assert live_sessions() == 0


def test_ten_megabytes_are_turned_away_before_they_are_read(zhang: Any) -> None:
    """Django's limit of a form answers; it is a refusal, not a failure."""
    response = log_in(Client(), password="x" * 10_000_000)
    assert response.status_code in {400, 413}
    assert live_sessions() == 0


def test_a_login_from_another_site_is_refused(zhang: Any) -> None:
    """Somebody must not be logged in as an attacker without knowing."""
    client = Client(enforce_csrf_checks=True)
    assert log_in(client).status_code == 403
    assert live_sessions() == 0


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_link_logs_nobody_out(browser: Client, method: str) -> None:
    """Any page could hold it as an image."""
    assert getattr(browser, method)("/accounts/logout/").status_code == 405
    assert browser.get(NOTICE).status_code == 200


def test_who_is_logged_in_already_is_led_on_and_not_round(browser: Client) -> None:
    """Not to `next`: a view that sends its visitors here would get them back."""
    response = browser.get(f"{LOGIN}?next=/permits/")
    assert response.headers["Location"] == f"{NOTICE}?next=%2Fpermits%2F"


def test_a_login_that_cannot_be_written_is_none(
    zhang: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes while the notice is written: no session, an error number."""

    def fail(*args: Any) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr("jtsec.authentication.logins.remember_login", fail)
    client = Client(raise_request_exception=False)
    assert log_in(client).status_code == 500
    assert live_sessions() == 0
    assert "authentication:login:succeeded" not in codes()
    assert client.get(NOTICE).headers["Location"].startswith(LOGIN)


@pytest.mark.clause("A9.3")
def test_a_full_house_is_no_failed_login(zhang: Any, settings: Any) -> None:
    """Refused with its own sentence, not charged, not in the notice."""
    settings.JTSEC_SESSIONS_WHEN_FULL = "refuse"
    log_in(Client())
    response = log_in(Client())
    assert response.status_code == 403
    assert live_sessions() == 1
    assert codes().count("authentication:login:succeeded") == 1
    assert Account.objects.get(user=zhang).failure_count == 0


@pytest.mark.clause("A3.2.12")
def test_this_was_not_me_raises_an_alarm(browser: Client) -> None:
    """One press; the event says which login is disowned."""
    page = browser.get(NOTICE).content.decode()
    assert 'action="/accounts/last-login/not-me/"' in page
    response = browser.post("/accounts/last-login/not-me/", follow=True)
    assert "/accounts/password/" in response.content.decode()
    event = last("authentication:login:disowned")
    assert event["severity"] == 40
    assert event["actor"]["username"] == "zhang"
    assert event["data"]["login_address"] == "127.0.0.1"


def test_without_the_notice_page_a_login_leads_on(zhang: Any, settings: Any) -> None:
    """A project that shows the notice itself says so."""
    settings.JTSEC_AUTHENTICATION_NOTICE_PAGE = False
    response = Client().post(
        LOGIN, {"username": "zhang", "password": PASSWORD, "next": "/permits/"}
    )
    assert response.headers["Location"] == "/permits/"


@pytest.mark.clause("A3.2.12")
def test_the_admins_login_leads_to_ours(zhang: Any) -> None:
    """One page, one notice; and nobody goes round in a circle."""
    response = Client().get("/admin/login/?next=/admin/auth/")
    assert response.headers["Location"] == f"{LOGIN}?next=/admin/auth/"
    client = Client()
    log_in(client)
    assert client.get("/admin/login/?next=/admin/").status_code == 403


def test_a_login_url_that_points_to_the_admin_makes_no_circle(settings: Any) -> None:
    """Many projects set LOGIN_URL to the admin's login."""
    settings.LOGIN_URL = "admin:login"
    response = Client().get("/admin/login/?next=/admin/")
    assert response.headers["Location"] == f"{LOGIN}?next=/admin/"


def test_the_front_door_stays_open_where_django_closes_every_view(
    settings: Any,
) -> None:
    """`LoginRequiredMiddleware` would send visitors of the login page to itself."""
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE,
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
    ]
    assert Client().get(LOGIN).status_code == 200
    assert Client().get("/admin/login/").headers["Location"].startswith(LOGIN)


def test_works_inside_of_atomic_requests(zhang: Any, settings: Any) -> None:
    """A login is charged, refused and recorded though every request is atomic."""
    from django.db import connection

    connection.settings_dict["ATOMIC_REQUESTS"] = True
    try:
        log_in(Client(), password=OTHER)
        assert log_in(Client()).status_code == 302
    finally:
        connection.settings_dict["ATOMIC_REQUESTS"] = False
    assert codes().count("authentication:login:refused") == 1


def test_pages_hold_nothing_inline(browser: Client) -> None:
    """They work under `default-src 'self'`: no script, style or picture inline."""
    pages = [Client().get(LOGIN), log_in(Client(), password=OTHER)]
    pages += [browser.get(one) for one in (NOTICE, "/accounts/password/")]
    for response in pages:
        page = response.content.decode()
        assert "style=" not in page and "<style" not in page
        assert "data:" not in page and "onclick" not in page
        assert "<script src=" in page or "<script" not in page
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]


def test_a_user_without_identity_gets_nowhere(db: None, cheap_passwords: None) -> None:
    """Not even through `login()` of a view that asks no backend."""
    user = get_user_model()(username="stray")
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.force_login(user, backend="jtsec.authentication.backend.IdentityBackend")
    assert client.get(NOTICE).headers["Location"].startswith(LOGIN)


@pytest.mark.clause("P37")
def test_who_is_new_must_choose_a_password_first(
    db: None, cheap_passwords: None
) -> None:
    """What somebody else gave them opens one page."""
    registered("li", 2)
    with acting_as(SOMEBODY):
        user = loaded("li")
        user.set_password(OTHER)
        user.save()
    client = Client()
    assert log_in(client, "li", OTHER).headers["Location"] == "/accounts/password/"
    assert client.get("/admin/").headers["Location"] == "/accounts/password/"


@pytest.mark.parametrize("target", ["foo", "é", "[", "?x", "#"])
def test_a_strange_target_is_no_name_of_a_view(
    zhang: Any, settings: Any, target: str
) -> None:
    """A login that ends in an error would leave a session no cookie leads to."""
    settings.JTSEC_AUTHENTICATION_NOTICE_PAGE = False
    client = Client(raise_request_exception=False)
    form = {"username": "zhang", "password": PASSWORD, "next": target}
    assert client.post(LOGIN, form).status_code == 302
    assert client.get(NOTICE).status_code == 200


@pytest.mark.clause("A5.1", "A9.3")
@pytest.mark.parametrize("is_full", [False, True])
def test_who_was_logged_in_in_this_browser_before_is_logged_out(
    browser: Client, settings: Any, is_full: bool
) -> None:
    """Recorded, and the place is free, also where the new login is refused."""
    registered("li", 2)
    settings.JTSEC_SESSIONS_WHEN_FULL = "refuse"
    if is_full:
        assert log_in(Client(), "li").status_code == 302
    status = log_in(browser, "li").status_code
    assert status == (403 if is_full else 302)
    assert codes().count("authentication:login:left") == 1
    assert not Session.objects.filter(user__username="zhang").open().exists()
    assert log_in(Client()).status_code == 302
