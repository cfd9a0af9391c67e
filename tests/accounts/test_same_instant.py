"""Two administrators at the same instant: one list a quarter, one end of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from django.db import connections

from jtsec.accounts import api
from jtsec.accounts.models import AccountReview, ReviewedAccount
from jtsec.core.context import Actor, acting_as, system_actor
from jtsec.core.exceptions import InputError
from tests.accounts.people import administrator
from tests.authentication.recorded import codes
from tests.identity import people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AT_ONCE = 4


def at_once(work: Callable[[int], Any], actors: list[Actor]) -> list[Any]:
    """Run the same work in threads that start together; return results or errors."""
    barrier = Barrier(len(actors))

    def run(which: int) -> Any:
        try:
            with acting_as(actors[which]):
                barrier.wait(timeout=30)
                return work(which)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actors)) as pool:
        return list(pool.map(run, range(len(actors))))


@pytest.fixture
def actors() -> list[Actor]:
    """Return four system administrators; zhang is a user."""
    with acting_as(system_actor("clerk")):
        people.person("zhang", 20)
        return [administrator(f"ann{n}", n + 1) for n in range(AT_ONCE)]


@pytest.mark.clause("P32")
def test_a_quarter_is_opened_and_closed_once(actors: list[Actor]) -> None:
    """Everybody else is told that it was done already; nothing is there twice."""
    results = at_once(lambda which: api.open_review(reason="季度清理"), actors)
    made = [one for one in results if isinstance(one, AccountReview)]
    assert len(made) == 1, results
    assert {type(one) for one in results} == {AccountReview, InputError}
    assert ReviewedAccount.objects.count() == made[0].accounts == 5
    review = api.find_review(made[0].quarter)
    assert review is not None
    for which in range(2):
        rows = [r for r in api.accounts_of(review) if str(r.uid) != actors[which].uid]
        with acting_as(actors[which]):
            api.confirm(review, [one.id for one in rows])
    results = at_once(lambda which: api.close_review(review, reason="按季清理"), actors)
    assert sum(isinstance(one, AccountReview) for one in results) == 1, results
    assert codes().count("accounts:review:closed") == 1
