"""The session engine: what Django promises, and what no thief may gain."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import async_to_sync

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jtsec.sessions import api
from jtsec.sessions.engine import SessionStore
from jtsec.sessions.models import Session, digest_of

from .conftest import Clock, browser, log_in, row_of, who

pytestmark = pytest.mark.django_db


def test_a_cookie_is_not_found_in_the_database() -> None:
    """Whoever steals the table finds no value that a browser could send."""
    store = SessionStore()
    store["kept"] = 1
    store.save()
    row = Session.objects.get()
    assert store.session_key not in (row.pk, row.session_data)
    assert row.pk == digest_of(str(store.session_key))
    assert len(row.pk) == 64


def test_what_stands_in_the_database_opens_no_session() -> None:
    """The stored key, sent as a cookie, leads nowhere."""
    store = SessionStore()
    store["kept"] = 1
    store.save()
    assert SessionStore(Session.objects.get().pk).load() == {}


def test_data_copied_to_another_row_are_worth_nothing(ann: Any) -> None:
    """A person who can write to the table cannot lend somebody's login to himself."""
    victim, thief = browser(), browser("10.6.6.6")
    log_in(victim, "ann")
    thief.get("/remember/")
    stolen = row_of(victim)
    Session.objects.filter(pk=row_of(thief).pk).update(
        session_data=stolen.session_data, user=ann
    )
    assert who(thief) == ""
    assert who(victim) == "ann"


def test_a_session_is_what_it_was_when_it_is_loaded() -> None:
    """What was saved is loaded again, under the same key."""
    store = SessionStore()
    store["kept"] = {"a": [1, 2]}
    store.save()
    again = SessionStore(store.session_key)
    assert again["kept"] == {"a": [1, 2]}
    assert again.session_key == store.session_key
    assert again.exists(store.session_key)


def test_an_unknown_key_is_never_adopted() -> None:
    """A key that somebody chose for a victim does not become a session."""
    store = SessionStore("a" * 32)
    assert store.load() == {}
    store["kept"] = 1
    store.save()
    assert store.session_key != "a" * 32


def test_the_asynchronous_verbs_do_the_same() -> None:
    """Views of an asynchronous stack have the same session."""

    async def live() -> tuple[Any, Any, bool]:
        store = SessionStore()
        await store.aset("kept", 1)
        await store.asave()
        first = store.session_key
        await store.acycle_key()
        loaded = await SessionStore(store.session_key).aget("kept")
        gone = not await store.aexists(str(first))
        await store.aflush()
        return loaded, store.session_key, gone

    assert async_to_sync(live)() == (1, None, True)


def test_a_session_ended_meanwhile_is_not_resurrected(ann: Any) -> None:
    """A slow request that saves after the end changes nothing."""
    client = browser()
    log_in(client, "ann")
    slow = SessionStore(client.cookies["sessionid"].value)
    assert SESSION_KEY in slow
    api.end(row_of(client).pk, why=api.EndReason.BY_ADMINISTRATOR)
    slow["kept"] = "too late"
    with pytest.raises(UpdateError):
        slow.save()
    with pytest.raises(SessionInterrupted):
        slow.cycle_key()
    assert row_of(client).session_data == ""
    assert Session.objects.count() == 1


def test_a_session_ended_in_the_middle_of_a_request_leads_to_the_login(
    ann: Any, settings: Any
) -> None:
    """Which says why it ended; it is no fault of the server."""
    settings.LOGIN_URL = "/login/"
    client = browser()
    log_in(client, "ann")
    store = SessionStore(client.cookies["sessionid"].value)
    store.load()

    def end_while_running(*args: Any) -> dict[str, Any]:
        data = original(*args)
        Session.objects.update(ended_at="2026-01-01T00:00:00Z", ended_why="idle")
        return data

    original = SessionStore.load
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SessionStore, "load", end_while_running)
        # The save comes first; without a load before it there is nothing to compare.
        response = client.get("/remember/")
    assert response.status_code == 302
    assert response["Location"].startswith("/login/")


def test_a_new_key_keeps_owner_limits_and_place(ann: Any, clock: Clock) -> None:
    """A changed password changes the cookie; it buys no hour and takes no place."""
    client = browser()
    log_in(client, "ann")
    before, cookie = row_of(client), client.cookies["sessionid"].value
    clock.advance(minutes=10)
    client.post("/change-password/")
    after = row_of(client)
    assert client.cookies["sessionid"].value != cookie
    assert (after.user_id, after.created_at) == (ann.pk, before.created_at)
    assert after.expire_date == before.expire_date
    assert Session.objects.count() == 1
    assert who(client) == "ann"


def test_a_login_written_by_sql_is_not_believed(ann: Any) -> None:
    """A session whose row passed no gate logs nobody in, whatever its data say."""
    store = SessionStore()
    store["kept"] = 1
    store.save()
    data = store.encode({"kept": 1, SESSION_KEY: str(ann.pk)})
    Session.objects.update(session_data=data)
    assert SessionStore(store.session_key).load() == {"kept": 1}


def test_a_session_without_its_login_gives_the_place_back(ann: Any) -> None:
    """Taking the user out of the data frees the place as well."""
    client = browser()
    log_in(client, "ann")
    store = SessionStore(client.cookies["sessionid"].value)
    del store[SESSION_KEY]
    store.save()
    assert row_of(client).user_id is None
    assert not api.live_sessions(ann).exists()


@pytest.mark.clause("A6.4")
def test_logging_out_empties_the_row(ann: Any) -> None:
    """Of a session that was left only its circumstances remain."""
    client = browser()
    log_in(client, "ann")
    client.get("/remember/")
    row = row_of(client)
    client.post("/logout/")
    row.refresh_from_db()
    assert (row.session_data, row.ended_why) == ("", "logged-out")
    assert row.ended_at is not None
    assert client.cookies["sessionid"].value == ""


def test_a_strangers_session_leaves_nothing() -> None:
    """Nobody's session has no history: it is removed."""
    client = browser()
    client.get("/remember/")
    assert Session.objects.count() == 1
    client.post("/logout/")
    assert Session.objects.count() == 0


def test_a_view_that_touches_nothing_asks_nothing(ann: Any) -> None:
    """A page that needs no session pays for none."""
    client = browser()
    log_in(client, "ann")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/nothing/")
    assert len(queries) == 0


@pytest.mark.clause("A9.1")
def test_a_request_asks_for_session_and_user_and_writes_nothing(
    ann: Any, django_assert_num_queries: Any
) -> None:
    """Limits, owner and caps cost no query: two, as in bare Django, and no write."""
    client = browser()
    log_in(client, "ann")
    with django_assert_num_queries(2) as queries:
        assert who(client) == "ann"
    assert all(one["sql"].startswith("SELECT") for one in queries.captured_queries)


def test_clearsessions_ends_what_nobody_came_back_to(ann: Any, clock: Clock) -> None:
    """The command empties overdue sessions, and forgets old ends."""
    client, stranger = browser(), browser()
    log_in(client, "ann")
    stranger.get("/remember/")
    clock.advance(minutes=31)
    call_command("clearsessions")
    row = Session.objects.get()
    assert (row.ended_why, row.session_data) == ("idle", "")
    clock.advance(days=31)
    call_command("clearsessions")
    assert Session.objects.count() == 0


def test_sessions_work_outside_of_requests(ann: Any) -> None:
    """A shell can make, read and remove a session."""
    store = SessionStore()
    store["kept"] = 1
    store.create()
    row = Session.objects.get()
    assert row.get_decoded() == {"kept": 1}
    store.delete()
    assert not store.exists(str(store.session_key))


def test_djangos_test_client_logs_in(ann: Any) -> None:
    """`force_login` takes a place like every login."""
    client = Client()
    client.force_login(ann)
    assert who(client) == "ann"
    assert api.live_sessions(ann).count() == 1
    client.logout()
    assert who(client) == ""
    assert api.live_sessions(ann).count() == 0
