"""What somebody is told after login, kept exactly."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from django.contrib.auth.signals import user_logged_in
from django.db import connections
from django.test import RequestFactory

from jtsec.authentication.api import notice_of
from jtsec.authentication.models import Account
from jtsec.authentication.notice import KEPT, note_failure, remember_login
from jtsec.core.source import Source
from tests.authentication.persons import loaded
from tests.authentication.recorded import codes, last

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A3.2.12")]


def told(username: str = "zhang") -> Any:
    """Return what the database has for the next page."""
    notice = notice_of(loaded(username))
    assert notice is not None
    return notice


def test_a_login_shows_the_one_before_and_what_failed_between(zhang: Any) -> None:
    """This one, the last one, every failure, each with time and source."""
    remember_login(zhang, Source("10.0.0.1"))
    note_failure(zhang, Source("10.9.9.9", terminal="T-66"), "wrong")
    note_failure(zhang, Source("10.9.9.8"), "wrong")
    assert told().failure_count == 0
    remember_login(zhang, Source("10.0.0.2", terminal="T-01"))
    notice = told()
    assert (notice.login_address, notice.login_terminal) == ("10.0.0.2", "T-01")
    assert notice.previous_address == "10.0.0.1"
    assert notice.failure_count == 2
    assert [one.address for one in notice.failures] == ["10.9.9.8", "10.9.9.9"]
    assert notice.failures[1].terminal == "T-66"
    assert notice.previous_at < notice.failures[1].at <= notice.login_at


def test_the_next_login_shows_only_what_failed_since(zhang: Any) -> None:
    """What was shown once is not shown again."""
    note_failure(zhang, Source("10.9.9.9"), "wrong")
    remember_login(zhang, Source("10.0.0.1"))
    remember_login(zhang, Source("10.0.0.2"))
    assert told().failure_count == 0
    assert told().failures == ()


def test_the_row_at_hand_says_the_same_as_the_one_in_the_database(zhang: Any) -> None:
    """The page after login costs no second look."""
    note_failure(zhang, Source("10.9.9.9"), "wrong")
    at_hand = loaded("zhang")
    remember_login(at_hand, Source("10.0.0.1"))
    assert notice_of(at_hand) == told()


def test_a_flood_of_failures_is_counted_and_does_not_grow_the_row(zhang: Any) -> None:
    """Twenty are listed, all are counted, the text stays short."""
    long = Source("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", terminal="T" * 64)
    for _number in range(60):
        note_failure(zhang, long, "some-very-long-reason-code" * 4)
    remember_login(zhang, Source("10.0.0.1"))
    notice = told()
    assert notice.failure_count == 60
    assert len(notice.failures) == KEPT
    assert len(Account.objects.get(user=zhang).shown_failures) <= 4000


def test_a_line_that_was_cut_is_not_shown(zhang: Any) -> None:
    """Half an address would accuse another machine."""
    Account.objects.filter(user=zhang).update(
        shown_failures="1700000000000000\t10.0.0.1\t\twrong\n1700000000000000\t10.0",
        shown_failure_count=2,
    )
    assert [one.address for one in told().failures] == ["10.0.0.1"]


def test_the_notice_is_plain_values_for_rest(zhang: Any) -> None:
    """Times are ISO 8601; without a login before there is none."""
    remember_login(zhang, Source("10.0.0.1"))
    values = told().as_dict()
    assert values["previous"] is None
    assert values["this"]["address"] == "10.0.0.1"
    assert values["days_left_password"] == 90
    assert values["failures"] == []


def test_every_login_is_recorded_whoevers_page_it_was(zhang: Any) -> None:
    """The signal is enough; Django's own `last_login` plays no part."""
    request = RequestFactory().post("/their/login/", REMOTE_ADDR="10.0.0.7")
    user_logged_in.send(type(zhang), request=request, user=zhang)
    event = last("authentication:login:succeeded")
    assert event["actor"]["username"] == "zhang"
    assert event["source"]["address"] == "10.0.0.7"
    assert told().login_address == "10.0.0.7"


def test_somebody_without_an_account_is_no_error(db: None) -> None:
    """A login of an unregistered user leaves no notice; the next request refuses it."""
    from tests.identity.people import user

    user_logged_in.send(object, request=None, user=user("stray"))
    assert "authentication:login:succeeded" not in codes()


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_failures_in_the_same_instant_lose_none(zhang: Any) -> None:
    """Sixteen threads, sixteen failures counted and listed."""
    gate = threading.Barrier(16)

    def fail(number: int) -> None:
        gate.wait()
        try:
            note_failure(zhang, Source(f"10.0.0.{number}"), "wrong")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=fail, args=(one,)) for one in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    remember_login(zhang, Source("10.1.1.1"))
    assert told().failure_count == 16
    assert len({one.address for one in told().failures}) == 16
