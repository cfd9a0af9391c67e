"""The servers and the browser that the other tests rely on."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest
import redis
from playwright.sync_api import Page

from django.contrib.auth import get_user_model
from django.db import connection

from tests.services import mariadb
from tests.services.fixtures import StartGunicorn
from tests.services.sharing import Service

PICTURE = "data:text/html;charset=utf-8,<title>页</title><h1>临时通行证</h1>"


@pytest.mark.postgres
def test_postgres_is_real_and_empty(postgres_dsn: str) -> None:
    """The address leads to a PostgreSQL of this run, to a new database."""
    with psycopg.connect(postgres_dsn) as server:
        version = server.execute("SHOW server_version_num").fetchone()
        tables = server.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    assert version is not None and int(version[0]) >= 160000
    assert tables == (0,)


@pytest.mark.redis
def test_redis_is_real(redis_url: str) -> None:
    """The address leads to a Redis that keeps what it is told."""
    with redis.Redis.from_url(redis_url) as client:
        client.set("who", "jtsec", px=5000)
        assert client.get("who") == b"jtsec"


@pytest.mark.mariadb
def test_mariadb_is_real(mariadb_service: Service) -> None:
    """The socket leads to a MariaDB that speaks four-byte characters."""
    server = mariadb.connect(mariadb_service.address)
    try:
        with server.cursor() as cursor:
            cursor.execute("SELECT @@version, '𠮷'")
            row = cursor.fetchone()
    finally:
        server.close()
    assert row is not None
    assert "MariaDB" in row[0]
    assert row[1] == "𠮷"


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_gunicorn_serves_from_the_database_of_the_test(
    gunicorn_server: StartGunicorn,
) -> None:
    """Several processes answer at once, and they see the rows that the test wrote."""
    get_user_model()._default_manager.create(username="ann")
    server = gunicorn_server(
        "tests.services.trivial_wsgi:application",
        workers=2,
        threads=4,
        database=connection.settings_dict,
    )
    answers = at_once(16, lambda: ask(server.url))
    assert {tuple(answer["users"]) for answer in answers} == {("ann",)}
    assert server.pid not in {answer["pid"] for answer in answers}

    server.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)


def test_a_gunicorn_that_cannot_load_its_application_says_why(
    gunicorn_server: StartGunicorn,
) -> None:
    """A wrong application is a failure with the server's own words, not a time-out."""
    with pytest.raises(RuntimeError, match="No module named"):
        gunicorn_server("tests.nowhere:application")


@pytest.mark.browser
def test_the_browser_shows_a_page(page: Page) -> None:
    """Chromium draws a page of the agreed size in the language of the users."""
    page.goto(PICTURE)
    assert page.title() == "页"
    assert page.evaluate("navigator.language") == "zh-CN"
    picture = page.screenshot()
    width = int.from_bytes(picture[16:20])
    height = int.from_bytes(picture[20:24])
    assert (width, height) == (1280, 720)


@pytest.mark.browser
@pytest.mark.django_db
def test_the_database_may_be_used_beside_the_browser(page: Page) -> None:
    """A test with a browser may prepare and look at rows in its own thread."""
    page.goto(PICTURE)
    assert get_user_model()._default_manager.count() == 0


def ask(url: str) -> dict[str, Any]:
    """Return the answer of the trivial application."""
    with urlopen(url, timeout=30) as response:
        answer: dict[str, Any] = json.load(response)
    return answer


def at_once(number: int, call: Callable[[], dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what so many threads got that called in the same instant."""
    gate = threading.Barrier(number)
    answers: list[dict[str, Any]] = []

    def run() -> None:
        gate.wait()
        answers.append(call())

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == number
    return answers
