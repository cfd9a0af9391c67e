"""The example is served and asked while the passwords of its database change."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

import psycopg
import pytest

from jtsec.secrets import api
from jtsec.secrets.accounts import Account, dump_accounts, new_accounts
from tests.example.demonstration import MANAGE, Demonstration
from tests.example.visitor import Visitor
from tests.secrets.conftest import Places
from tests.secrets.two_accounts import (
    DBA_KEY,
    FIRST,
    KEPT,
    NAME,
    SECOND,
    kept,
    on_postgresql,
)
from tests.services import postgres
from tests.services.fixtures import StartGunicorn
from tests.services.sharing import Service

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.concurrency,
    pytest.mark.clause("P44.2"),
]
PEOPLE = ("zhang", "li", "wang")


@pytest.fixture
def example(postgres_service: Service, places: Places, tmp_path: Path) -> Demonstration:
    """Return the example on PostgreSQL, connecting as one of two kept accounts."""
    suffix = token_hex(4)
    dsn = postgres.create_database(postgres_service, f"rotated_{suffix}")
    key = tmp_path / "dba.pem"
    key.write_text(DBA_KEY.public.to_pem())
    made = Demonstration(tmp_path / "example", {"DATABASE_URL": dsn})
    done = made.prepare()
    assert done.returncode == 0, done.stderr
    first = Account(f"permits_a_{suffix}", FIRST)
    second = Account(f"permits_b_{suffix}", SECOND)
    with psycopg.connect(dsn, autocommit=True) as server:

        def ask(text: str) -> list[Any]:
            found = server.execute(text.encode())
            return list(found.fetchall()) if found.description else []

        for statement in on_postgresql(ask, first, second):
            ask(statement)
    api.keep(NAME, dump_accounts(new_accounts(first, second)), at=KEPT)
    accounts = {"JTSEC_EXAMPLE_ACCOUNTS": NAME, "JTSEC_EXAMPLE_DBA_KEY": str(key)}
    return Demonstration(made.folder, {**made.extra, **accounts})


@contextmanager
def asked(address: str) -> Iterator[list[tuple[int, str]]]:
    """Let everybody look at the list of permits without end; give what they saw."""
    answers: list[tuple[int, str]] = []
    stopped = threading.Event()

    def look(visitor: Visitor) -> None:
        while not stopped.is_set():
            answer = visitor.get("/permits/")
            answers.append((answer.status, answer.text))
            time.sleep(0.01)

    visitors = [Visitor(address) for _ in PEOPLE]
    for visitor, name in zip(visitors, PEOPLE, strict=True):
        assert visitor.log_in(name).status == 302
    threads = [threading.Thread(target=look, args=(one,)) for one in visitors]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def test_no_visitor_of_the_example_notices(
    example: Demonstration, gunicorn_server: StartGunicorn, tmp_path: Path
) -> None:
    """Nobody's page fails, nobody is logged out, and both accounts have new ones."""
    before = kept()
    paths = os.pathsep.join((str(MANAGE.parent), str(MANAGE.parents[1])))
    server = gunicorn_server(
        "example.wsgi:application",
        workers=2,
        environment={
            **example.environment,
            "DJANGO_SETTINGS_MODULE": "example.settings",
            "PYTHONPATH": paths,
        },
    )
    with asked(server.url) as answers:
        done = example.manage(
            *("jtsec_secrets_rotate", NAME, "--deliver", str(tmp_path / "delivered")),
            *("--actor", "sysadmin", "--reason", "两月一换", "--quiet", "2", "--json"),
        )
        time.sleep(0.5)
    server.stop()
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["active"] == before.standby.user
    assert {status for status, _ in answers} == {200}
    assert len(answers) > 20
    after = kept()
    for user, old in before.both.items():
        assert after.both[user].password != old.password
        assert old.password not in done.stdout + done.stderr + str(answers)
