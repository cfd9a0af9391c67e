"""A hundred logins in the same instant, over several processes (A9.2, A9.3)."""

from __future__ import annotations

import json
import threading
from collections import Counter
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from django.db import connection

from jtsec.audit.models import AuditRecord
from jtsec.sessions.models import Session
from tests import databases
from tests.services.fixtures import StartGunicorn

from .conftest import new_user
from .project import CHANGES, WITHOUT_GATE

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

CAPS = {
    "JTSEC_SESSIONS_PER_USER": 3,
    "JTSEC_SESSIONS_TOTAL": 20,
    "JTSEC_SESSIONS_ADMIN_RESERVE": 0,
    "JTSEC_SESSIONS_WHEN_FULL": "refuse",
}
LOGINS = 100


def attack(
    start: StartGunicorn,
    names: list[str],
    changes: dict[str, Any] | None = None,
    **environment: str,
) -> Counter[str]:
    """Log all in at once through a real server; returns what they were answered."""
    chosen = json.dumps({**CAPS, **(changes or {})})
    server = start(
        "tests.sessions.wsgi:application",
        workers=4,
        threads=8,
        environment={CHANGES: chosen, **environment},
        database=connection.settings_dict,
    )
    barrier = threading.Barrier(len(names))
    answers: Counter[str] = Counter()

    def log_in(name: str) -> None:
        body = urlencode({"username": name}).encode()
        barrier.wait()
        answers[ask(f"{server.url}/login/", body)] += 1

    threads = [threading.Thread(target=log_in, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def ask(url: str, body: bytes) -> str:
    """Return the body of the answer, whatever its status."""
    try:
        with urlopen(url, data=body, timeout=60) as response:
            answer: bytes = response.read()
    except HTTPError as error:
        answer = error.read() if error.code == 409 else str(error.code).encode()
    return answer.decode()


def live() -> Counter[Any]:
    """Return the number of live sessions by user."""
    rows = Session.objects.filter(user__isnull=False).live()
    return Counter(rows.values_list("user__username", flat=True))


@pytest.mark.clause("A9.3")
def test_one_user_gets_exactly_the_permitted_number(
    gunicorn_server: StartGunicorn,
) -> None:
    """Of a hundred logins of one user at once exactly three get in."""
    new_user("ann")
    answers = attack(gunicorn_server, ["ann"] * LOGINS)
    assert answers == {"in": 3, "user-sessions-full": LOGINS - 3}
    assert live() == {"ann": 3}
    refused = AuditRecord.objects.filter(code="sessions:login:user-full")
    assert refused.count() == LOGINS - 3


@pytest.mark.clause("A9.2")
def test_the_application_gets_exactly_the_permitted_number(
    gunicorn_server: StartGunicorn,
) -> None:
    """Of a hundred users who log in at once exactly twenty get in."""
    names = [f"user{number}" for number in range(LOGINS)]
    for name in names:
        new_user(name)
    answers = attack(gunicorn_server, names)
    assert answers == {"in": 20, "application-sessions-full": LOGINS - 20}
    assert live().total() == 20


@pytest.mark.clause("A9.2", "A9.3")
def test_both_caps_hold_together(gunicorn_server: StartGunicorn) -> None:
    """Ten users ten times each: twenty sessions, and no user more than three."""
    names = [f"user{number}" for number in range(10)]
    for name in names:
        new_user(name)
    answers = attack(gunicorn_server, names * (LOGINS // len(names)))
    assert answers["in"] == 20
    assert live().total() == 20
    assert max(live().values()) <= 3


@pytest.mark.skipif(
    databases.chosen() == "sqlite",
    reason="on SQLite a refusal in one transaction with its view needs the boundary",
)
def test_the_caps_hold_where_a_request_is_one_transaction(
    gunicorn_server: StartGunicorn,
) -> None:
    """With ATOMIC_REQUESTS the gate stays locked until the view has ended."""
    new_user("ann")
    answers = attack(gunicorn_server, ["ann"] * LOGINS, {"ATOMIC_REQUESTS": True})
    assert answers == {"in": 3, "user-sessions-full": LOGINS - 3}
    assert live() == {"ann": 3}


@pytest.mark.skipif(
    databases.chosen() == "sqlite",
    reason="SQLite begins every transaction with the write lock",
)
def test_without_the_gate_the_caps_are_exceeded(
    gunicorn_server: StartGunicorn,
) -> None:
    """The control: counting without the gate lets more in."""
    new_user("ann")
    attack(gunicorn_server, ["ann"] * LOGINS, None, **{WITHOUT_GATE: "1"})
    assert live()["ann"] > 3
