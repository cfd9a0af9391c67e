"""Idle and absolute limits, and what the next page says (clause A9.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from django.db import connection
from django.test.utils import CaptureQueriesContext

from jtsec.audit.models import AuditRecord
from jtsec.sessions import api, endings
from jtsec.sessions.engine import SessionStore
from jtsec.sessions.models import Session

from .conftest import Clock, browser, log_in, row_of, who

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A9.1")]


def reason(client: Any) -> str:
    """Ask the page that tells why a session has ended."""
    told: str = client.get("/reason/").content.decode()
    return told


def test_a_session_ends_after_its_idle_time(ann: Any, clock: Clock) -> None:
    """Thirty minutes without a request, by the server's clock, end a session."""
    client = browser()
    log_in(client, "ann")
    clock.advance(minutes=29, seconds=50)
    assert who(client) == "ann"
    clock.advance(minutes=30)
    assert who(client) == ""
    assert reason(client) == "idle"


def test_a_busy_session_ends_at_its_absolute_limit(
    ann: Any, clock: Clock, settings: Any
) -> None:
    """However often somebody clicks, after twelve hours the login is over."""
    settings.JTSEC_SESSIONS_ABSOLUTE_HOURS = 2
    client = browser()
    log_in(client, "ann")
    for _ in range(5):
        clock.advance(minutes=20)
        client.get("/remember/")
        assert who(client) == "ann"
    clock.advance(minutes=21)
    assert who(client) == ""
    assert reason(client) == "absolute"


def test_without_the_limits_a_session_lives_on(
    ann: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the two tests above: it is the limits that end the session."""
    monkeypatch.setattr(endings, "limit_passed", lambda row, at: None)
    client = browser()
    log_in(client, "ann")
    clock.advance(hours=100)
    assert who(client) == "ann"


def test_saving_is_no_activity(ann: Any, clock: Clock) -> None:
    """A process that keeps writing into a session does not keep it alive."""
    client = browser()
    log_in(client, "ann")
    store = SessionStore(client.cookies["sessionid"].value)
    for number in range(4):
        clock.advance(minutes=10)
        store["kept"] = number
        store.save()
    assert who(client) == ""


def test_an_ended_session_does_not_come_back(ann: Any, clock: Clock) -> None:
    """When the clock is set back, what has ended stays ended."""
    client = browser()
    log_in(client, "ann")
    clock.advance(minutes=31)
    assert who(client) == ""
    clock.advance(minutes=-31)
    assert who(client) == ""


def test_the_last_activity_is_written_once_a_minute(ann: Any, clock: Clock) -> None:
    """Between two writes there are only reads."""
    client = browser()
    log_in(client, "ann")
    with CaptureQueriesContext(connection) as quiet:
        for _ in range(5):
            clock.advance(seconds=10)
            who(client)
    assert all(one["sql"].startswith("SELECT") for one in quiet)
    clock.advance(seconds=11)
    with CaptureQueriesContext(connection) as busy:
        who(client)
    writes = [one["sql"] for one in busy if one["sql"].startswith("UPDATE")]
    assert len(writes) == 1


def test_a_very_short_limit_still_sees_activity(
    ann: Any, clock: Clock, settings: Any
) -> None:
    """Whoever clicks within a limit of one minute is not ended by it."""
    settings.JTSEC_SESSIONS_IDLE_MINUTES = 1
    client = browser()
    log_in(client, "ann")
    for _ in range(5):
        clock.advance(seconds=50)
        assert who(client) == "ann"


def test_a_project_can_shorten_a_session_but_not_lengthen_it(
    ann: Any, clock: Clock
) -> None:
    """`set_expiry` counts where it is the earlier end."""
    client = browser()
    log_in(client, "ann")
    store = SessionStore(client.cookies["sessionid"].value)
    store.set_expiry(timedelta(days=30))
    store.save()
    row = row_of(client)
    assert row.expire_date <= row.created_at + timedelta(hours=12)
    store.set_expiry(60)
    store.save()
    clock.advance(seconds=61)
    assert who(client) == ""


@pytest.mark.clause("A6.4")
def test_an_ended_session_is_emptied_at_once(ann: Any, clock: Clock) -> None:
    """What was in the session is gone with it; who and when stays, and an event."""
    client = browser()
    log_in(client, "ann")
    client.get("/remember/?value=secret")
    clock.advance(minutes=31)
    who(client)
    row = Session.objects.get()
    assert (row.session_data, row.ended_why, row.user_id) == ("", "idle", ann.pk)
    codes = AuditRecord.objects.values_list("code", flat=True)
    assert list(codes).count("sessions:session:ended") == 1


def test_the_reason_survives_redirects_until_it_is_told_once(
    ann: Any, clock: Clock
) -> None:
    """The cookie stays until a page has said why, and goes with that page."""
    client = browser()
    log_in(client, "ann")
    clock.advance(minutes=31)
    assert who(client) == ""
    assert client.cookies["sessionid"].value != ""
    assert reason(client) == "idle"
    assert client.cookies["sessionid"].value == ""
    assert reason(client) == ""


def test_who_logs_in_again_gets_a_new_session(ann: Any, clock: Clock) -> None:
    """A login from the page that told the reason starts afresh."""
    client = browser()
    log_in(client, "ann")
    first = row_of(client)
    clock.advance(minutes=31)
    who(client)
    log_in(client, "ann")
    assert who(client) == "ann"
    assert row_of(client).pk != first.pk


def test_logging_out_of_an_ended_session_makes_no_new_one(
    ann: Any, clock: Clock
) -> None:
    """An old tab's log-out button only clears the cookie."""
    client = browser()
    log_in(client, "ann")
    clock.advance(minutes=31)
    client.post("/logout/")
    assert client.cookies["sessionid"].value == ""
    assert Session.objects.count() == 1


@pytest.mark.parametrize("why", list(endings.EndReason))
def test_every_reason_has_a_sentence(why: endings.EndReason) -> None:
    """The next page can always say what happened."""
    assert str(why.sentence)
    assert endings.EndReason.of(why.code) is why


def test_an_end_by_an_administrator_is_at_once(ann: Any) -> None:
    """The next request of an ended session is a stranger's."""
    client = browser()
    log_in(client, "ann")
    assert api.end(row_of(client).pk, why=api.EndReason.BY_ADMINISTRATOR)
    assert not api.end(row_of(client).pk, why=api.EndReason.IDLE)
    assert who(client) == ""
    assert reason(client) == "by-administrator"


def test_an_unknown_reason_ends_a_session_all_the_same(ann: Any) -> None:
    """A row that says it ended is not alive, whatever else it says."""
    client = browser()
    log_in(client, "ann")
    Session.objects.update(ended_at="2026-01-01T00:00:00Z", ended_why="magic")
    assert who(client) == ""
    assert reason(client) == "not-permitted"


def test_deleting_a_user_ends_the_sessions(ann: Any) -> None:
    """Nobody is logged in as somebody who is no more."""
    client = browser()
    log_in(client, "ann")
    ann.delete()
    assert who(client) == ""
