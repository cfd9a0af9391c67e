"""Many threads decide while the policy changes: none fails, none keeps what is gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from django.db import connection

from jtsec.access.api import assign, decide, revoke
from jtsec.core.context import acting_as, system_actor
from tests.access.offices import QUERY, WHY, an_office, role
from tests.authentication.persons import loaded

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.clause("A4.10"),
]
THREADS, TURNS = 4, 5


@pytest.fixture
def office() -> Iterator[Any]:
    """Give people of an office."""
    with an_office() as made:
        yield made


def test_what_was_revoked_is_gone_for_every_thread_at_once(office: Any) -> None:
    """In the process that changed the policy nothing waits for a second."""
    made = role("clerk", QUERY)
    zhang = loaded("zhang")
    stopped = threading.Event()
    revoked = threading.Event()
    wrong: list[object] = []

    def ask() -> None:
        try:
            while not stopped.is_set():
                was_revoked = revoked.is_set()
                allowed = decide(zhang, QUERY.right).allowed
                if allowed and was_revoked and revoked.is_set():
                    wrong.append("granted after it was revoked")
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    try:
        with acting_as(system_actor("a-test")):
            for _ in range(TURNS):
                revoked.clear()
                held = assign(office.zhang, made, reason=WHY)
                assert decide(zhang, QUERY.right)
                revoke(held, reason=WHY)
                revoked.set()
                assert not decide(zhang, QUERY.right)
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
    assert wrong == []
