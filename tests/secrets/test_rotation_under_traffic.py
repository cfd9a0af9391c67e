"""
Passwords of the database change while a server of several processes is asked.

Some seconds in a run of the suite; `JTSEC_TEST_ROTATIONS=20` for twenty in a row.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

import pytest

from django.db import connection

from jtsec.secrets import rotation
from jtsec.secrets.accounts import Accounts
from jtsec.secrets.server import lets_in
from tests import databases
from tests.secrets.two_accounts import kept, rotate
from tests.services.fixtures import StartGunicorn

ROTATIONS = int(os.environ.get("JTSEC_TEST_ROTATIONS", "2"))
APPLICATION = "tests.secrets.rotated_wsgi:application"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.clause("P44.2"),
    pytest.mark.skipif(databases.chosen() == "sqlite", reason="has no accounts"),
]


class Traffic:
    """Asks without end, and counts who answered and what failed."""

    def __init__(self, url: str, clients: int = 6) -> None:
        self.accounts: Counter[str] = Counter()
        self.failed: list[str] = []
        self._url = url
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(clients)]

    def __enter__(self) -> Traffic:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        while not self._stopped.is_set():
            try:
                with urlopen(self._url, timeout=60) as response:
                    self.accounts[response.read().decode()] += 1
            except (OSError, HTTPException) as error:
                self.failed.append(str(error))
            time.sleep(0.005)


@contextmanager
def served(start: StartGunicorn, **environment: str) -> Iterator[Traffic]:
    """Serve with three processes of four threads, and ask."""
    server = start(
        APPLICATION,
        workers=3,
        threads=4,
        database=connection.settings_dict,
        environment=environment,
    )
    with Traffic(server.url) as traffic:
        time.sleep(0.5)
        yield traffic
        time.sleep(0.5)
    # The rows of the accounts go before the accounts do.
    server.stop()


def test_no_request_fails_while_the_passwords_change(
    accounts: Accounts, gunicorn_server: StartGunicorn, tmp_path: Path
) -> None:
    """With connections that are kept and with new ones; each account takes its turn."""
    with served(gunicorn_server) as traffic:
        for number in range(ROTATIONS):
            before = kept()
            done = rotate(tmp_path / f"delivered-{number}")
            assert done.waiting == ()
            assert done.active == before.standby.user
            for old in before.both.values():
                assert not lets_in("default", old)
    assert traffic.failed == []
    assert set(traffic.accounts) == set(accounts.both)
    assert all(lets_in("default", one) for one in kept().both.values())
    print(f"{sum(traffic.accounts.values())} requests, {ROTATIONS} rotations")


def test_a_process_that_never_asks_the_store_is_waited_for(
    accounts: Accounts,
    gunicorn_server: StartGunicorn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The old password stays while somebody connects with it; unwaited, they fail."""
    deliver, old = tmp_path / "delivered", accounts.in_force
    with served(gunicorn_server, JTSEC_TEST_FIXED_ACCOUNT="1") as traffic:
        done = rotate(deliver, wait=5, quiet=4)
        assert done.waiting
        assert done.active == accounts.standby.user
        assert lets_in("default", old)
        assert traffic.failed == []
        # Both protections taken away: the account of the start, and no waiting.
        monkeypatch.setattr(rotation, "wait_until_left", lambda *args: ())
        assert rotate(deliver).waiting == ()
        time.sleep(0.5)
    assert traffic.failed
    assert not lets_in("default", old)
