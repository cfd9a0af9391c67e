"""Attacks: recorded with source and kind, once and then in sums; nobody is shut out."""

from __future__ import annotations

import json

import pytest

from django.db import connections
from django.http import HttpResponse
from django.test import AsyncClient, Client

from jtsec.audit.coverage import attacks, patterns, tally
from jtsec.audit.coverage.patterns import finding_in
from tests.audit.site import run

pytestmark = [pytest.mark.django_db, pytest.mark.clause("T6.3")]

CSRF = "django.middleware.csrf.CsrfViewMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"


class Moment:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def moment(monkeypatch):
    """Give the clock that the tally goes by."""
    clock = Moment()
    monkeypatch.setattr(attacks, "elapsed", clock)
    return clock


@pytest.fixture
def client(settings, moment):
    """Return a client of the small site, guarded by Django's own middleware."""
    settings.ROOT_URLCONF = "tests.audit.coverage.site"
    settings.MIDDLEWARE = [
        "tests.audit.coverage.site.WatchMiddleware",
        COMMON,
        CSRF,
    ]
    return Client(enforce_csrf_checks=True, REMOTE_ADDR="203.0.113.9")


def own_csrf_page(request, reason=""):
    """A page of the project's own for a form without its token."""
    return HttpResponse("the project's own words", status=403)


def kinds(events):
    """Return code, reason and count of events."""
    return [(one.code, one.row.reason, one.data["count"]) for one in events]


@pytest.mark.parametrize(
    ("path", "options", "code", "reason"),
    [
        ("/", {"HTTP_HOST": "evil.example"}, "host", "unknown-host"),
        ("/suspicious/", {}, "suspicious", "SuspiciousOperation"),
        ("/wp-login.php", {}, "scan", "path"),
        ("/.git/config", {}, "scan", "path"),
        ("/no/?x=1", {"HTTP_USER_AGENT": "sqlmap/1.8"}, "scan", "tool"),
        ("/no/", {"HTTP_X_LONG": "a" * 9000}, "scan", "long-header"),
        ("/static/..%2f..%2fetc/passwd", {}, "injection", "path-traversal"),
        ("/no/%00.html", {}, "injection", "null-byte"),
        ("/no/?id=1+UNION+SELECT+password+FROM+users", {}, "injection", "sql"),
        ("/no/?id=1'%20OR%20'1'%3D'1", {}, "injection", "sql"),
        ("/no/?q=%253Cscript%253Ealert(1)", {}, "injection", "script"),
        ("/no/?x=${jndi:ldap://203.0.113.1/a}", {}, "injection", "command"),
    ],
)
def test_an_attack_is_told_with_its_source_and_kind(
    told, client, path, options, code, reason
):
    """What Django refuses and what finds nothing is looked at."""
    response = client.get(path, **options)
    assert response.status_code in (400, 404)
    (event,) = told()
    assert kinds([event]) == [(f"attack:{code}", reason, 1)]
    assert event.row.source_address == "203.0.113.9"
    assert event.row.outcome == "refused"
    assert event.row.resource.startswith("GET /")


def test_an_odd_method_is_told(told, client):
    """A method that no browser sends."""
    client.generic("PROPFIND", "/no/")
    assert kinds(told())[0][:2] in [("attack:scan", "method"), ("attack:csrf", "csrf")]


@pytest.mark.parametrize(
    "path",
    [
        "/no/",
        "/no/?q=union+station",
        "/no/?name=O'Neil+and+sons",
        "/no/list.html?page=2",
    ],
)
def test_an_honest_mistake_is_not_told(told, client, path):
    """An old bookmark is no scan, and a name with an apostrophe no injection."""
    assert client.get(path).status_code == 404
    assert told() == []


def test_a_page_that_works_costs_no_query(told, client, django_assert_num_queries):
    """Nothing is asked of an answer below 400, whatever its address says."""
    with django_assert_num_queries(0):
        assert client.get("/?q=<script>").status_code == 200
    assert told() == []


def test_a_forged_form_is_told_and_the_projects_page_is_shown(told, client, settings):
    """CSRF_FAILURE_VIEW stays the project's."""
    settings.CSRF_FAILURE_VIEW = "tests.audit.coverage.test_attacks.own_csrf_page"
    response = client.post("/", {"a": 1})
    assert response.content == b"the project's own words"
    assert kinds(told()) == [("attack:csrf", "csrf", 1)]


@pytest.mark.clause("A4.13")
def test_an_unauthorised_interface_call_is_told(told, client):
    """A program that is refused; not a page, and not a session that ended."""
    client.get("/interface/")
    client.get("/stranger/")
    client.get("/ended/")
    client.get("/stations/403/")
    found = [one for one in told() if one.code.startswith("attack")]
    assert kinds(found) == [
        ("attack:interface", "status-403", 1),
        ("attack:interface", "status-401", 1),
    ]


def test_an_asynchronous_stack_is_watched_too(told, settings, moment, transactional_db):
    """The same questions, asked by a coroutine."""
    settings.ROOT_URLCONF = "tests.audit.coverage.site"
    settings.MIDDLEWARE = ["tests.audit.coverage.site.WatchMiddleware", COMMON]
    run(AsyncClient().get("/wp-admin/"))
    run(AsyncClient().get("/", headers={"host": "evil.example"}))
    connections.close_all()
    assert [one.code for one in told()] == ["attack:scan", "attack:host"]


def test_what_goes_on_is_told_in_sums(told, client, moment):
    """First at once, then counted, at growing intervals."""
    for _ in range(20):
        client.get("/wp-login.php")
    assert kinds(told()) == [("attack:scan", "path", 1)]
    moment.seconds += 61
    client.get("/wp-login.php")
    assert kinds(told()) == [("attack:scan", "path", 20)]
    moment.seconds += 61
    client.get("/wp-login.php")
    assert told() == []
    moment.seconds += 61
    client.get("/wp-login.php")
    assert kinds(told()) == [("attack:scan", "path", 2)]


def test_the_last_of_an_attack_are_told_though_it_stopped(told, client, moment):
    """The rest is told when anything else is refused, in the attacker's name."""
    for _ in range(5):
        client.get("/wp-login.php")
    told()
    moment.seconds += 3600
    Client(REMOTE_ADDR="198.51.100.7").get("/no/")
    (event,) = told()
    assert kinds([event]) == [("attack:scan", "path", 4)]
    assert event.row.source_address == "203.0.113.9"


def test_many_sources_do_not_fill_the_log(told, client, settings):
    """Beyond a number of sources they are summed up as one."""
    settings.JTSEC_AUDIT_ATTACK_SOURCES = 3
    for number in range(10):
        client.get("/wp-login.php", REMOTE_ADDR=f"198.51.100.{number}")
    assert len(told()) == 4


def test_an_ipv6_client_is_one_source(told, client):
    """It owns a whole network, and would be new with each address."""
    for number in range(5):
        client.get("/wp-login.php", REMOTE_ADDR=f"2001:db8::{number + 1:x}")
    assert len(told()) == 1


def test_a_flood_is_told_and_alarmed(told, client, settings):
    """More refused requests in a minute than anybody honest makes."""
    settings.JTSEC_AUDIT_ATTACK_FLOOD = 10
    for _ in range(15):
        client.get("/no/")
    (event,) = told()
    assert kinds([event]) == [("attack:flood", "refused-requests", 1)]
    assert event.row.severity == 40


def test_the_memory_of_the_tally_is_bounded():
    """A flood of sources is forgotten from the oldest on, and its sums are told."""
    counted = tally.Tally(capacity=10)
    for number in range(100):
        counted.take(number, number, 1000.0, 60.0)
        counted.take(number, number, 1000.0, 60.0)
    assert counted.overdue(1001.0) == [(number, 1) for number in range(90)]
    counted.overdue(1003.0)
    assert len(counted._sums) == 10


def test_a_window_begins_anew():
    """A minute later the count is one again; more keys than it holds empty it."""
    window = tally.Window(seconds=60, capacity=3)
    assert [window.count("a", 100.0 + one) for one in range(3)] == [1, 2, 3]
    assert window.count("a", 161.0) == 1
    for key in "bcd":
        window.count(key, 162.0)
    assert window.count("a", 163.0) == 1


def test_no_pattern_takes_long(monkeypatch):
    """An address made to keep a pattern busy is looked at in no time."""
    import time

    evil = ("union/**/" * 300, "select" + " " * 3000, "'" + " or" * 900, "{{" * 1500)
    began = time.process_time()
    for text in evil:
        finding_in("GET", {"PATH_INFO": "/" + text, "QUERY_STRING": text})
    assert time.process_time() - began < 0.5
    assert patterns.LENGTH == 2048


def test_nothing_that_a_client_sends_breaks_the_watch(told, client):
    """Broken encodings, half surrogate pairs and empty texts."""
    for path in ("/%ff%fe/wp-login.php", "/no/?%ed%a0%80=<script>"):
        assert client.get(path).status_code == 404
    assert len(told()) == 2


def test_a_refusal_reaches_the_watch_as_json_or_not():
    """Only an answer that tells of an ended session is let off."""

    class Streamed:
        """Has no content to look into."""

        headers = {"Content-Type": "application/json"}
        streaming = True
        status_code = 403

    assert not attacks._is_for_a_program(Streamed())
    broken = HttpResponse(b"{", status=401, content_type="application/json")
    assert attacks._is_for_a_program(broken)
    ended = HttpResponse(
        json.dumps({"code": "idle"}), status=401, content_type="application/json"
    )
    assert not attacks._is_for_a_program(ended)
