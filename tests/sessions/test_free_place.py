"""The usual login in one statement lets in whom the long way lets in, and no other."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jtsec.sessions import admission, free_place
from jtsec.sessions.models import Session, digest_of
from tests import databases

from .conftest import browser, log_in, new_user, who

pytestmark = pytest.mark.django_db(transaction=True)

only_where_it_is_used = pytest.mark.skipif(
    databases.chosen() == "mariadb", reason="MySQL goes the long way"
)


def kept(name: str, user: Any = None, **columns: Any) -> Session:
    """Return a row as a login would write it, not yet written."""
    at = timezone.now()
    values = {
        "user": user,
        "expire_date": at + timedelta(hours=8),
        "last_seen_at": at,
        "address": "10.1.1.1",
    }
    return Session(session_key=digest_of(name), **(values | columns))


def crowd(people: int, administrators: int) -> None:
    """Fill places: of ordinary people, of administrators, and of nobody who counts."""
    at = timezone.now()
    for number in range(people + administrators):
        is_administrator = number >= people
        user = new_user(f"other{number}")
        kept(f"o{number}", user, is_administrator=is_administrator).save()
        # The ended, the idle, the expired and the anonymous hold no place.
        kept(f"e{number}", user, ended_at=at).save()
        kept(f"i{number}", user, last_seen_at=at - timedelta(days=1)).save()
        kept(f"x{number}", user, expire_date=at).save()
        kept(f"a{number}").save()


def is_place_free(row: Session, user: Any) -> bool:
    """Ask the long way."""
    registry = admission._look(row, user, row.last_seen_at)
    try:
        admission._require_place(
            registry, 0, user, is_administrator=row.is_administrator
        )
    except admission.SessionRefused:
        return False
    return True


@only_where_it_is_used
@pytest.mark.clause("A9.2")
@pytest.mark.parametrize(("people", "administrators"), [*product((0, 2), (0, 1, 3))])
def test_it_counts_as_the_long_way_counts(
    ann: Any, settings: Any, people: int, administrators: int
) -> None:
    """Whatever the total, the reserve and who is in: both give the same answer."""
    crowd(people, administrators)
    answers = set()
    for total, reserve, is_administrator in product(range(1, 8), (0, 2), (True, False)):
        settings.JTSEC_SESSIONS_TOTAL = total
        settings.JTSEC_SESSIONS_ADMIN_RESERVE = min(reserve, total)
        row = kept("ann", ann, is_administrator=is_administrator)
        expected = is_place_free(row, ann)
        with transaction.atomic():
            assert free_place.take(row) is expected, (total, reserve)
            assert Session.objects.filter(pk=row.pk).exists() is expected
            transaction.set_rollback(True)
        answers.add(expected)
    assert answers == {True, False}


@only_where_it_is_used
@pytest.mark.clause("A3.2.11", "A9.3")
@pytest.mark.parametrize("age", [timedelta(), timedelta(days=1)])
def test_it_leaves_a_user_who_is_in_elsewhere_to_the_long_way(
    ann: Any, age: timedelta
) -> None:
    """Another open session, overdue or not, has to be counted, ended or told of."""
    kept("first", ann, last_seen_at=timezone.now() - age).save()
    assert not free_place.take(kept("second", ann))
    assert Session.objects.count() == 1


@only_where_it_is_used
def test_what_it_writes_is_what_saving_writes(ann: Any) -> None:
    """Every column arrives, and the row knows that it is stored."""
    row = kept("ann", ann, session_data="data", terminal="terminal:7", notice="")
    assert free_place.take(row)
    stored = Session.objects.get(pk=row.pk)
    for field in Session._meta.concrete_fields:
        assert getattr(stored, field.attname) == getattr(row, field.attname), field
    assert not row._state.adding
    row.address = "10.1.1.2"
    row.save()
    assert Session.objects.get().address == "10.1.1.2"


@only_where_it_is_used
def test_a_key_that_is_taken_is_an_error(ann: Any) -> None:
    """An anonymous session of the same key is not taken over."""
    kept("same").save()
    with pytest.raises(IntegrityError):
        free_place.take(kept("same", ann))


@only_where_it_is_used
def test_a_login_asks_two_things_of_the_sessions(ann: Any) -> None:
    """The gate, then the place: the gate first, so that the place sees the truth."""
    log_in(browser(), "ann")
    Session.objects.all().delete()
    client = browser()
    with CaptureQueriesContext(connection) as queries:
        log_in(client, "ann")
    asked = [one["sql"] for one in queries if "jtsec_session" in one["sql"]]
    assert [one.split()[0] for one in asked] == ["UPDATE", "INSERT"], asked
    assert who(client) == "ann"
