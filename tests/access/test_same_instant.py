"""Two administrators in the same instant: never two duties, never both of a pair."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from django.db import connection

from jtsec.access.api import change_role, revoke, role_of
from jtsec.access.exclusions import excluded
from jtsec.access.holdings import held_by
from jtsec.access.models import Assignment
from jtsec.access.role_book import RoleBook
from jtsec.core.context import acting_as, system_actor
from jtsec.identity.api import change
from jtsec.identity.models import Identity
from tests import databases
from tests.access.offices import APPLY, APPROVE, POLICE, QUERY, WHY, an_office, role
from tests.identity import people
from tests.thoroughness import sized

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.clause("A4.4"),
]
FEW, MANY = sized(10, 20), sized(60, 200)
AHEAD = 0.01

Order = dict[str, Any]
GIVE_APPLY: Order = {"act": "assign", "by": "sec", "role": "applies"}
GIVE_APPROVE: Order = {"act": "assign", "by": "sec2", "role": "approves"}
GIVE_ASKS: Order = {"act": "assign", "by": "sec", "role": "asks"}
GIVE_CASES: Order = {"act": "assign", "by": "sec", "role": "cases"}
BECOME_AUDITOR: Order = {
    "act": "change",
    "by": "console",
    "fields": {"duty": "audit"},
}
LEAVE_POLICE: Order = {
    "act": "change",
    "by": "console",
    "fields": {"is_police": False, "number": "E00001"},
}
ROLE_FOR_POLICE: Order = {
    "act": "change-role",
    "by": "sec2",
    "role": "asks",
    "rights": [QUERY.right, POLICE.right],
}
TO_WANG: Order = {**GIVE_ASKS, "person": "wang"}

RACES = {
    "both of a pair": (GIVE_APPLY, GIVE_APPROVE),
    "two duties": (GIVE_ASKS, BECOME_AUDITOR),
    "leaving the police": (GIVE_CASES, LEAVE_POLICE),
    "a role that changes meanwhile": (TO_WANG, ROLE_FOR_POLICE),
}


class Administrator:
    """Somebody at another machine: a process with a connection of its own."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.access.granting", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=databases.child_environment(),
        )

    def tell(self, order: Order, at: float) -> None:
        """Send an order, to be carried out at a moment."""
        assert self.process.stdin is not None
        print(json.dumps({**order, "at": at}), file=self.process.stdin, flush=True)

    def answer(self) -> str:
        """Return what the process says."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        """Let the process end by itself."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(autouse=True)
def office() -> Iterator[Any]:
    """Give people, and the roles they fight over."""
    with an_office() as made:
        with acting_as(system_actor("a-test")):
            people.person("sec2", 902, duty="security")
            # Somebody keeps the duty when it is taken from who has just got it.
            people.person("auditor", 903, duty="audit")
        role("applies", APPLY)
        role("approves", APPROVE)
        role("asks", QUERY)
        role("cases", POLICE)
        yield made


@pytest.mark.parametrize(
    ("race", "tries"),
    [
        ("both of a pair", FEW),
        ("two duties", FEW),
        pytest.param("both of a pair", MANY, marks=pytest.mark.slow),
        pytest.param("two duties", MANY, marks=pytest.mark.slow),
        pytest.param("leaving the police", FEW, marks=pytest.mark.slow),
        pytest.param("a role that changes meanwhile", FEW, marks=pytest.mark.slow),
    ],
)
def test_of_two_that_do_not_go_together_one_is_refused(race: str, tries: int) -> None:
    """Exactly one of the two succeeds, every time, whoever is first."""
    results = fight(RACES[race], tries)
    assert all(one.count("done") == 1 for one, _ in results), results
    assert not [bad for _, bad in results if bad]
    reasons = {one for answers, _ in results for one in answers} - {"done"}
    assert reasons <= {
        "conflict",
        "roles-of-former-duty",
        "foreign-duty",
        "police-only",
        "would-break-assignment",
    }


@pytest.mark.parametrize("race", ["both of a pair", "two duties"])
def test_without_the_locks_both_succeed(race: str) -> None:
    """What the locks are for: each looks before the other has written."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one transaction write, and fails the other's")
    results = fight(RACES[race], 3, "unguarded")
    assert [bad for _, bad in results if bad]


def fight(orders: tuple[Order, Order], tries: int, *how: str) -> list[tuple[Any, Any]]:
    """Have two processes do two things at once, again and again."""
    both = (Administrator(*how), Administrator(*how))
    results = []
    try:
        assert [one.answer() for one in both] == ["ready", "ready"]
        for _ in range(tries):
            at = time.time() + AHEAD
            for administrator, order in zip(both, orders, strict=True):
                administrator.tell(order, at)
            answers = [one.answer() for one in both]
            results.append((answers, contradictions()))
            as_before()
    finally:
        for one in both:
            one.leave()
    return results


def contradictions() -> list[str]:
    """Return what somebody holds and must not, as the tables say."""
    book = RoleBook(is_locked=False)
    held = held_by(None, book)
    found = []
    for identity in Identity.objects.filter(pk__in=held).defer("resident_id"):
        mine = held[identity.pk]
        found += [str(one) for one in excluded(identity, mine.rights)]
        duties = {book.by_code[code].duty for code in mine.roles}
        found += [f"duties {duties}"] if duties - {identity.duty} else []
    return found


def as_before() -> None:
    """Take back whatever one of the two has done."""
    with acting_as(system_actor("a-test")):
        for one in Assignment.objects.filter(ended_at__isnull=True):
            revoke(one, reason=WHY)
        zhang = Identity.objects.get(login_name="zhang")
        if zhang.duty != "business" or not zhang.is_police:
            change(zhang, duty="business", is_police=True, number="000001")
        asks = role_of("asks")
        assert asks is not None
        if asks.rights != [QUERY.right]:
            change_role(asks, rights=[QUERY.right], reason=WHY)
