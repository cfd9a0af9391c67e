"""The cached engine over a real Redis: quick, and never believed too long."""

from __future__ import annotations

from typing import Any

import pytest

from django.core.cache import caches
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from jtsec.sessions import acceleration, api
from jtsec.sessions.cached_engine import SessionStore
from jtsec.sessions.models import Session

from .conftest import Clock, browser, log_in, row_of, who

pytestmark = [pytest.mark.redis, pytest.mark.django_db(transaction=True)]

REDIS = "django.core.cache.backends.redis.RedisCache"


@pytest.fixture(autouse=True)
def over_redis(bare_project: None, redis_url: str, settings: Any) -> None:
    """Use the cached engine over the run's Redis."""
    settings.CACHES = {"default": {"BACKEND": REDIS, "LOCATION": redis_url}}
    settings.SESSION_ENGINE = "jtsec.sessions.cached_engine"
    caches["default"].clear()


def settled(client: Any) -> None:
    """Let the mark of the login pass and the next request fill the cache."""
    caches["default"].clear()
    assert who(client) == "ann"


def session_queries(client: Any) -> int:
    """Return how often a request asks the table of sessions."""
    with CaptureQueriesContext(connection) as queries:
        who(client)
    return sum("jtsec_session" in one["sql"] for one in queries)


def test_a_remembered_session_costs_no_query(ann: Any) -> None:
    """Within the few seconds the table is not asked."""
    client = browser()
    log_in(client, "ann")
    settled(client)
    assert session_queries(client) == 0
    assert who(client) == "ann"


@pytest.mark.clause("A9.1")
def test_an_end_stops_at_once_although_remembered(ann: Any) -> None:
    """The next request after an end is a stranger's, in every process."""
    client = browser()
    log_in(client, "ann")
    settled(client)
    api.end(row_of(client).pk, why=api.EndReason.BY_ADMINISTRATOR)
    assert who(client) == ""
    assert client.get("/reason/").content == b"by-administrator"


def test_without_the_mark_an_old_copy_lives_on_for_the_few_seconds(
    ann: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it is the mark that ends it at once, and the age that bounds it."""
    client = browser()
    log_in(client, "ann")
    settled(client)
    monkeypatch.setattr(acceleration, "_mark", lambda digests: None)
    api.end(row_of(client).pk, why=api.EndReason.BY_ADMINISTRATOR)
    assert who(client) == "ann"
    clock.advance(seconds=6)
    assert who(client) == ""


def test_a_slow_process_cannot_put_an_old_copy_back(ann: Any) -> None:
    """A copy made before the end is not added after it."""
    client = browser()
    log_in(client, "ann")
    caches["default"].clear()
    old = row_of(client)
    api.end(old.pk, why=api.EndReason.BY_ADMINISTRATOR)
    acceleration.remember(old)
    assert who(client) == ""


def test_an_end_in_a_transaction_stops_when_it_is_committed(ann: Any) -> None:
    """Between the end and the commit nobody can remember the old state."""
    client = browser()
    log_in(client, "ann")
    settled(client)
    row = row_of(client)
    with transaction.atomic():
        api.end(row.pk, why=api.EndReason.BY_ADMINISTRATOR)
        acceleration.remember(row)
    assert who(client) == ""


def test_without_the_cache_the_database_answers(ann: Any, settings: Any) -> None:
    """A Redis that is gone costs time, not a login and not an end."""
    nowhere = "unix:///nonexistent/redis.sock"
    settings.CACHES = {"default": {"BACKEND": REDIS, "LOCATION": nowhere}}
    client = browser()
    assert log_in(client, "ann").status_code == 200
    assert who(client) == "ann"
    api.end(row_of(client).pk, why=api.EndReason.BY_ADMINISTRATOR)
    assert who(client) == ""


def test_what_is_saved_is_read_by_the_next_request(ann: Any) -> None:
    """A change of the session is never hidden by a copy."""
    client = browser()
    log_in(client, "ann")
    settled(client)
    client.get("/remember/?value=new")
    store = SessionStore(client.cookies["sessionid"].value)
    assert store["kept"] == "new"


@pytest.mark.parametrize("forged", ["nonsense", 7, {"user_id": 1}, b"\x80"])
def test_a_forged_entry_is_no_entry(ann: Any, forged: Any) -> None:
    """Whoever can write to the cache logs nobody in and breaks no page."""
    client = browser()
    log_in(client, "ann")
    name = f"jtsec.session.{row_of(client).pk}"
    caches["default"].set(name, forged)
    assert session_queries(client) == 1
    assert who(client) == "ann"


def test_an_entry_of_one_session_fits_no_other(ann: Any, settings: Any) -> None:
    """A copy put under another key is not believed."""
    settings.JTSEC_SESSIONS_PER_USER = 2
    client, stranger = browser(), browser("10.6.6.6")
    log_in(client, "ann")
    settled(client)
    stranger.get("/remember/")
    cache = caches["default"]
    entry = cache.get(f"jtsec.session.{row_of(client).pk}")
    assert entry
    cache.set(f"jtsec.session.{row_of(stranger).pk}", entry)
    assert who(stranger) == ""


def test_limits_hold_for_remembered_sessions(ann: Any, clock: Clock) -> None:
    """A copy that looks ended is checked against the table before anybody is."""
    client = browser()
    log_in(client, "ann")
    settled(client)
    clock.advance(minutes=31)
    assert who(client) == ""
    assert Session.objects.get().ended_why == "idle"


def test_activity_is_noted_for_remembered_sessions(ann: Any, clock: Clock) -> None:
    """Who is served from the cache is not idle."""
    client = browser()
    log_in(client, "ann")
    for _ in range(4):
        clock.advance(minutes=20)
        assert who(client) == "ann"
        assert who(client) == "ann"
