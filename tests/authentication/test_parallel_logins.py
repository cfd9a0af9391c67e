"""Guessing in parallel against a real server gains nothing, in either dimension."""

from __future__ import annotations

import sys
import threading
from collections import Counter as Tally
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import psutil
import pytest

from django.db import connection

from jtsec.authentication.models import Block, Counter
from tests.authentication.cheap import COUNT_FILE, verifications
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD, registered
from tests.services.fixtures import StartGunicorn

pytestmark = [
    pytest.mark.slow,
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("cheap_passwords"),
]

APPLICATION = "tests.authentication.login_wsgi:application"
AT_ONCE = 160


def answers(url: str, tries: list[tuple[str, str]]) -> Tally[str]:
    """Return what so many logins got that were sent in the same instant."""
    gate = threading.Barrier(len(tries))
    found: Tally[str] = Tally()

    def run(username: str, password: str) -> None:
        query = urlencode({"username": username, "password": password})
        gate.wait()
        try:
            with urlopen(f"{url}/?{query}", timeout=120) as response:
                found[response.read().decode()] += 1
        except HTTPError as error:
            with error:
                found[f"status {error.code}"] += 1

    threads = [threading.Thread(target=run, args=one) for one in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found.values()) == len(tries)
    return found


def serve(start: StartGunicorn, count: Path, **environment: str) -> str:
    """Start four processes of eight threads on the test's database."""
    server = start(
        APPLICATION,
        workers=4,
        threads=8,
        database=connection.settings_dict,
        environment={COUNT_FILE: str(count), **environment},
    )
    return server.url


@pytest.mark.clause("A3.2.6")
def test_of_160_guesses_at_once_exactly_five_are_looked_at(
    gunicorn_server: StartGunicorn, tmp_path: Path
) -> None:
    """The limit is the limit, however many processes and threads there are."""
    registered("li", 1)
    count = tmp_path / "verifications"
    url = serve(gunicorn_server, count)
    spellings = ("li", "LI", "ｌｉ", "lı", "l\u200bi")
    tries = [(spellings[one % 5], f"guess-{one}") for one in range(AT_ONCE)]
    found = answers(url, tries)
    assert verifications(count) == 5
    assert found["wrong"] == 5
    refused = {"user-busy", "user-locked", "terminal-busy", "terminal-blocked"}
    assert set(found) <= {"wrong", *refused}
    assert answers(url, [("li", PASSWORD)])["in"] == 0
    assert Block.objects.filter(dimension="user").count() == 1


@pytest.mark.clause("A3.2.7")
def test_spread_over_users_exactly_the_terminals_limit_is_looked_at(
    gunicorn_server: StartGunicorn, tmp_path: Path
) -> None:
    """Going from name to name does not help either."""
    for one in range(40):
        registered(f"user{one}", one + 1)
    count = tmp_path / "verifications"
    url = serve(gunicorn_server, count)
    found = answers(url, [(f"user{one % 40}", "guess") for one in range(AT_ONCE)])
    assert verifications(count) == 20
    assert found["wrong"] == 20
    assert Block.objects.filter(dimension="terminal").count() == 1
    assert not Block.objects.filter(dimension="user").exists()


def test_good_logins_in_parallel_all_succeed_and_leave_no_charge(
    gunicorn_server: StartGunicorn, tmp_path: Path
) -> None:
    """A whole office behind one address, twice the places of its counter."""
    for one in range(40):
        registered(f"user{one}", one + 1)
    url = serve(gunicorn_server, tmp_path / "verifications")
    assert answers(url, [(f"user{one}", PASSWORD) for one in range(40)]) == {"in": 40}
    assert not Counter.objects.exclude(failures=0, pending=0).exists()


def test_counting_after_the_look_lets_more_than_five_through(
    gunicorn_server: StartGunicorn, tmp_path: Path
) -> None:
    """The protection taken away: what the reservation is there for."""
    registered("li", 1)
    count = tmp_path / "verifications"
    url = serve(gunicorn_server, count, JTSEC_TEST_WITHOUT_RESERVATION="1")
    answers(url, [("li", f"guess-{one}") for one in range(AT_ONCE)])
    assert verifications(count) > 5


class Peak:
    """Watches how much memory a server and its workers take together."""

    def __init__(self, pid: int) -> None:
        self._server = psutil.Process(pid)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.mib = 0.0

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(0.01):
            tree = [self._server, *self._server.children(recursive=True)]
            # Shared pages count once, divided among those that share them.
            total = sum(one.memory_full_info().pss for one in tree)
            self.mib = max(self.mib, total / 2**20)


@pytest.mark.skipif(sys.platform != "linux", reason="shared memory is told by Linux")
def test_forty_logins_at_once_fit_into_600_megabytes(
    gunicorn_server: StartGunicorn, settings: Any, tmp_path: Path
) -> None:
    """At the real price of a hash, on four processes of eight threads."""
    settings.PASSWORD_HASHERS = ["jtsec.authentication.hashers.JtsecArgon2Hasher"]
    for one in range(40):
        registered(f"user{one}", one + 1)
    tries = [(f"user{one}", PASSWORD) for one in range(40)]
    server = gunicorn_server(
        APPLICATION,
        workers=4,
        threads=8,
        database=connection.settings_dict,
        environment={"JTSEC_TEST_SLOTS": "2"},
    )
    with Peak(server.pid) as peak:
        assert answers(server.url, tries) == {"in": 40}
    assert peak.mib < 600
