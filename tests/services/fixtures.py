"""Fixtures of the servers and of the browser; what is not installed is skipped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page

from tests import databases
from tests.services import browser, gunicorn, mariadb, postgres, redis
from tests.services.sharing import NotInstalled, Service, shared


class StartGunicorn(Protocol):
    """What the fixture `gunicorn_server` gives: a verb that starts one more."""

    def __call__(
        self,
        application: str,
        *,
        workers: int = 2,
        threads: int = 4,
        environment: Mapping[str, str] | None = None,
        database: Mapping[str, Any] | None = None,
    ) -> gunicorn.Server: ...


def service_or_skip(name: str, start: Callable[[Path], Service]) -> Service:
    """Return the run's server, or skip the test and name what is missing."""
    try:
        return shared(name, start)
    except NotInstalled as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgres_service() -> Service:
    """Return the run's PostgreSQL."""
    return service_or_skip("postgres", postgres.start)


@pytest.fixture(scope="session")
def mariadb_service() -> Service:
    """Return the run's MariaDB."""
    return service_or_skip("mariadb", mariadb.start)


@pytest.fixture(scope="session")
def worker_name() -> str:
    """Return a name that no other process of the run has."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def postgres_dsn(postgres_service: Service, worker_name: str) -> str:
    """Return the address of an empty PostgreSQL database of this process."""
    return postgres.create_database(postgres_service, f"jtsec_{worker_name}")


@pytest.fixture(scope="session")
def redis_url(worker_name: str) -> str:
    """Return the address of a Redis database that only this process uses."""
    service = service_or_skip("redis", redis.start)
    number = int(worker_name.removeprefix("gw")) + 1 if worker_name != "main" else 0
    return f"{service.address}?db={number}"


@pytest.fixture
def gunicorn_server() -> Iterator[StartGunicorn]:
    """
    Return a verb that starts gunicorn; all are stopped after the test.

    `database` is a `settings_dict`; given, the child's `tests.settings` uses exactly
    that database.
    """
    with ExitStack() as stack:

        def start(
            application: str,
            *,
            workers: int = 2,
            threads: int = 4,
            environment: Mapping[str, str] | None = None,
            database: Mapping[str, Any] | None = None,
        ) -> gunicorn.Server:
            extra = dict(environment or {})
            if database is not None:
                extra |= databases.environment(database)
            server = gunicorn.start(
                application, workers=workers, threads=threads, environment=extra
            )
            stack.callback(server.stop)
            return server

        yield start


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """
    Return a running Chromium.

    Playwright keeps an event loop in this thread, for which Django would refuse its
    ORM; so the refusal is lifted for the modules with a browser, and for them alone.
    """
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        try:
            yield stack.enter_context(browser.open_browser())
        except NotInstalled as missing:
            pytest.skip(str(missing))


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Return an empty page of somebody who was never here before."""
    with browser.open_page(chromium) as opened:
        yield opened
