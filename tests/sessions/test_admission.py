"""The caps, one login after the other (clauses A9.2, A9.3); the race is elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from django.db import connection, transaction

from jtsec.audit.api import boundary
from jtsec.audit.models import AuditRecord
from jtsec.sessions import api
from jtsec.sessions.engine import SessionStore
from jtsec.sessions.models import Session, SessionGate

from .conftest import Clock, browser, log_in, new_user, row_of, who

pytestmark = pytest.mark.django_db(transaction=True)


def codes() -> list[str]:
    """Return the codes of the recorded events."""
    return list(AuditRecord.objects.order_by("pk").values_list("code", flat=True))


@pytest.mark.clause("A9.3")
def test_a_login_beyond_the_users_number_is_refused(ann: Any, settings: Any) -> None:
    """By the policy "refuse" the first ones stay, the next is told why."""
    settings.JTSEC_SESSIONS_PER_USER = 2
    settings.JTSEC_SESSIONS_WHEN_FULL = "refuse"
    clients = [browser() for _ in range(3)]
    answers = [log_in(one, "ann") for one in clients]
    assert [one.status_code for one in answers] == [200, 200, 409]
    assert answers[2].content == b"user-sessions-full"
    assert [who(one) for one in clients] == ["ann", "ann", ""]
    assert codes()[-1] == "sessions:login:user-full"


@pytest.mark.clause("A9.3", "A3.2.11")
def test_a_login_beyond_the_users_number_ends_the_oldest(
    ann: Any, settings: Any
) -> None:
    """By the policy "end-oldest" the first login makes room and is told why."""
    settings.JTSEC_SESSIONS_PER_USER = 2
    clients = [browser() for _ in range(3)]
    for one in clients:
        log_in(one, "ann")
    assert [who(one) for one in clients] == ["", "ann", "ann"]
    assert clients[0].get("/reason/").content == b"replaced"
    assert "sessions:session:ended" in codes()


@pytest.mark.clause("A9.2")
def test_a_login_beyond_the_total_is_refused(settings: Any, db: None) -> None:
    """When all places are taken the next user is told to come later."""
    settings.JTSEC_SESSIONS_TOTAL = 2
    settings.JTSEC_SESSIONS_ADMIN_RESERVE = 0
    clients = {name: browser() for name in ("a", "b", "c")}
    for name in clients:
        new_user(name)
    answers = [log_in(client, name) for name, client in clients.items()]
    assert [one.status_code for one in answers] == [200, 200, 409]
    assert answers[2].content == b"application-sessions-full"
    assert codes() == ["sessions:login:application-full"]


@pytest.mark.clause("A9.2")
def test_whoever_replaces_their_own_session_needs_no_further_place(
    settings: Any, ann: Any
) -> None:
    """In a full house the user who moves to another machine still can."""
    settings.JTSEC_SESSIONS_TOTAL = 1
    settings.JTSEC_SESSIONS_ADMIN_RESERVE = 0
    first, second = browser(), browser("10.2.2.2")
    log_in(first, "ann")
    assert log_in(second, "ann").status_code == 200
    assert (who(first), who(second)) == ("", "ann")


def test_dead_sessions_give_their_place_back(
    settings: Any, ann: Any, clock: Clock
) -> None:
    """Neither who logged out nor who went away blocks anybody."""
    settings.JTSEC_SESSIONS_TOTAL = 1
    settings.JTSEC_SESSIONS_ADMIN_RESERVE = 0
    settings.JTSEC_SESSIONS_WHEN_FULL = "refuse"
    new_user("bob")
    first, second = browser(), browser("10.2.2.2")
    log_in(first, "ann")
    assert log_in(second, "bob").status_code == 409
    first.post("/logout/")
    assert log_in(second, "bob").status_code == 200
    clock.advance(minutes=31)
    assert log_in(first, "ann").status_code == 200
    assert log_in(browser(), "ann").status_code == 409


def test_a_refused_login_leaves_no_session(ann: Any, settings: Any) -> None:
    """Whoever got no place is a stranger, with nothing kept."""
    settings.JTSEC_SESSIONS_WHEN_FULL = "refuse"
    log_in(browser(), "ann")
    late = browser()
    late.get("/remember/")
    assert Session.objects.count() == 2
    log_in(late, "ann")
    assert Session.objects.count() == 1
    assert late.cookies["sessionid"].value == ""


def test_an_event_of_a_refusal_survives_the_views_rollback(
    ann: Any, settings: Any
) -> None:
    """A view that rolls back because of the refusal does not undo its record."""
    settings.JTSEC_SESSIONS_WHEN_FULL = "refuse"
    log_in(browser(), "ann")
    store = SessionStore()
    store["_auth_user_id"] = str(ann.pk)
    with boundary(), pytest.raises(api.SessionRefused), transaction.atomic():
        store.save()
    assert codes() == ["sessions:login:user-full"]


@pytest.mark.clause("A9.3")
def test_a_login_by_hand_passes_the_gate_too(ann: Any, settings: Any) -> None:
    """Code that writes the login into the session itself takes a place as well."""
    settings.JTSEC_SESSIONS_PER_USER = 2
    first, second = browser(), browser()
    first.post("/login-by-hand/", {"username": "ann"})
    assert who(first) == "ann"
    assert row_of(first).user_id == ann.pk
    second.get("/remember/")
    second.post("/login-by-hand/", {"username": "ann"})
    assert who(second) == "ann"
    settings.JTSEC_SESSIONS_WHEN_FULL = "refuse"
    with pytest.raises(api.SessionRefused):
        browser().post("/login-by-hand/", {"username": "ann"})


def test_without_the_gate_in_save_a_login_by_hand_is_not_believed(
    ann: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the admission taken away, such a session logs nobody in."""
    monkeypatch.setattr(SessionStore, "_unadmitted_user", lambda self, data: None)
    client = browser()
    client.post("/login-by-hand/", {"username": "ann"})
    assert who(client) == ""


def test_a_login_that_is_rolled_back_gives_the_place_back(
    ann: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A view that fails after the login, in one transaction, leaves no session."""
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    with pytest.raises(RuntimeError, match="after the login"):
        browser().post("/login-and-fail/", {"username": "ann"})
    assert not api.live_sessions(ann).exists()


def test_logging_in_again_in_the_same_session_takes_no_second_place(
    ann: Any, settings: Any
) -> None:
    """Who confirms a login in the same browser keeps the one session."""
    settings.JTSEC_SESSIONS_WHEN_FULL = "refuse"
    client = browser()
    log_in(client, "ann")
    assert log_in(client, "ann").status_code == 200
    assert api.live_sessions(ann).count() == 1


def test_somebody_else_in_the_same_browser_gets_a_session_of_their_own(
    ann: Any,
) -> None:
    """Nothing of the first user's session is left for the second."""
    new_user("bob")
    client = browser()
    log_in(client, "ann")
    client.get("/remember/")
    log_in(client, "bob")
    assert who(client) == "bob"
    assert "kept" not in row_of(client).get_decoded()
    assert not api.live_sessions(ann).exists()


def test_the_gate_is_there_even_when_somebody_removed_it(ann: Any) -> None:
    """An emptied table is no open door and no closed one."""
    SessionGate.objects.all().delete()
    assert log_in(browser(), "ann").status_code == 200
    assert SessionGate.objects.count() == 1


def test_ending_the_others_leaves_this_one(ann: Any, settings: Any) -> None:
    """Whoever ends their other sessions stays where they are."""
    settings.JTSEC_SESSIONS_PER_USER = 3
    clients = [browser() for _ in range(3)]
    for one in clients:
        log_in(one, "ann")
    assert clients[1].post("/end-others/").content == b"2"
    assert [who(one) for one in clients] == ["", "ann", ""]
    assert clients[0].get("/reason/").content == b"by-owner"
