"""Passing on and taking back in the same instant: nothing is left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from django.db import connections

from jtsec.access import exclusions, gate
from jtsec.access.api import (
    Function,
    decide,
    give_propagation,
    grant_use,
    pass_propagation,
    revoke_propagation,
)
from jtsec.access.models import Propagation, RightGrant
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import InputError, Refused
from tests.access.declared import acting, declared
from tests.authentication.persons import loaded
from tests.identity import people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

QUERY = Function("permits.query_owner", propagatable=True)
ONE = Function("permits.one_side", propagatable=True, conflicts_with=["permits.other"])
OTHER = Function("permits.other", propagatable=True)
WHY = "值班"
PASSING = "jtsec.access.passing"
USE = "jtsec.access.passed_use"
ROUNDS = 6


@pytest.fixture(autouse=True)
def _functions() -> Iterator[None]:
    """Declare what is passed on."""
    with declared(QUERY, ONE, OTHER):
        yield


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run works in threads that start together; return results, or what refused."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=30)
            return work()
        except (InputError, Refused) as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.fixture
def hands() -> dict[str, Any]:
    """Give a security administrator and people."""
    with acting_as(system_actor("a-test")):
        made = {"sec": people.person("sec", 9, duty="security")}
        for which in range(1, 5):
            made[f"p{which}"] = people.person(f"person{which}", which)
    return made


def given(hands: dict[str, Any], to: str, function: Function = QUERY) -> Propagation:
    """Let the security administrator give a right to pass on."""
    with acting(hands["sec"]):
        return give_propagation(
            hands[to], function.right, depth=2, organisation=people.CODE, reason=WHY
        )


@pytest.mark.clause("A4.8")
def test_a_source_is_taken_back_while_it_is_passed_on(hands: dict[str, Any]) -> None:
    """Whoever comes first, nobody keeps anything that came from an ended source."""
    for _round in range(ROUNDS):
        source = given(hands, "p1")

        def take_back(source: Propagation = source) -> int:
            with acting(hands["sec"]):
                return revoke_propagation(source, reason=WHY)

        def pass_on(source: Propagation = source) -> Propagation:
            with acting(hands["p1"]):
                return pass_propagation(source, hands["p2"], depth=0, reason=WHY)

        def let_use(source: Propagation = source) -> RightGrant:
            with acting(hands["p1"]):
                return grant_use(source, hands["p3"], reason=WHY)

        answers = at_once(pass_on, take_back, let_use)
        passed = [one for one in answers if isinstance(one, Propagation | RightGrant)]
        assert answers[1] == 1 + len(passed), answers
        for model in (Propagation, RightGrant):
            assert not model._default_manager.filter(ended_at__isnull=True).exists()
        assert not decide(loaded("person3"), QUERY.right)


@pytest.mark.clause("A4.4", "A4.8")
def test_two_holders_give_one_person_both_sides_of_a_pair(
    hands: dict[str, Any],
) -> None:
    """Each alone may; together one is refused."""
    _give_both(hands)
    assert RightGrant.objects.count() == 1


@pytest.mark.clause("A4.8")
def test_without_the_lock_both_sides_are_given(
    hands: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the lock prevents: both look before either has written."""
    meeting = Barrier(2)
    look = exclusions.require_together

    def look_together(*given: Any) -> None:
        look(*given)
        meeting.wait(timeout=30)

    if connections["default"].vendor != "postgresql":
        pytest.skip("other databases let nobody look while one who looked may write")
    sources = given(hands, "p1", ONE), given(hands, "p2", OTHER)
    monkeypatch.setattr(gate, "bump", lambda: None)
    monkeypatch.setattr("jtsec.identity.gate._pass_through", lambda: None)
    monkeypatch.setattr(f"{PASSING}.fresh", lambda uid: hands["p3"])
    monkeypatch.setattr(f"{USE}.require_together", look_together)
    _pass_both(hands, *sources)
    assert RightGrant.objects.count() == 2


def _give_both(hands: dict[str, Any]) -> None:
    _pass_both(hands, given(hands, "p1", ONE), given(hands, "p2", OTHER))


def _pass_both(hands: dict[str, Any], one: Propagation, other: Propagation) -> None:
    def from_one() -> RightGrant:
        with acting(hands["p1"]):
            return grant_use(one, hands["p3"], reason=WHY)

    def from_other() -> RightGrant:
        with acting(hands["p2"]):
            return grant_use(other, hands["p3"], reason=WHY)

    at_once(from_one, from_other)
