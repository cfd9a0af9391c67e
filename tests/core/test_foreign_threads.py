"""Nothing of ours leaves a connection behind in a thread of an asynchronous stack."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from django.core.exceptions import PermissionDenied
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path

from jtsec.audit.alarms.after_responses import TURN, look_after_response
from jtsec.audit.models import AuditRecord
from jtsec.audit.rules import due
from jtsec.audit.rules.due import watch_when_due
from jtsec.audit.sealing import responses
from jtsec.audit.sealing.responses import seal_when_due
from jtsec.core import foreign_threads
from jtsec.errors import handlers
from jtsec.keys.usage import api as usage
from jtsec.keys.usage.api import flush_if_due
from jtsec.protection.watching import WATCH, Watch
from jtsec.secrets import age_alarm

pytestmark = pytest.mark.django_db(transaction=True)


async def denied(request: HttpRequest) -> HttpResponse:
    """Refuses."""
    raise PermissionDenied


handled: list[tuple[int, int]] = []


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer as the handler in use does; note thread and open connections after."""
    answer: HttpResponse = chosen[403](request, exception)
    open_ones = [one for one in connections.all(True) if one.connection is not None]
    handled.append((threading.get_ident(), len(open_ones)))
    for one in open_ones:
        # The test itself leaves nothing behind either, whatever it finds.
        one.close()
    return answer


chosen: dict[int, Callable[..., HttpResponse]] = {403: handlers.permission_denied}
urlpatterns = [path("denied/", denied)]


@pytest.fixture
def answers(settings: Any) -> list[tuple[int, int]]:
    """Serve the view above without the guard; give what its handler noted."""
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    handled.clear()
    return handled


def ask() -> int:
    """Return the status that an asynchronous stack answers with."""

    async def get() -> int:
        return (await AsyncClient().get("/denied/")).status_code

    return asyncio.run(get())


def test_a_handler_closes_what_it_opened_in_a_foreign_thread(
    answers: list[tuple[int, int]],
) -> None:
    """The refusal is recorded, and no connection stays open."""
    assert ask() == 403
    assert AuditRecord.objects.filter(code="errors:permission:refused").exists()
    [(thread, still_open)] = answers
    assert thread != threading.get_ident()
    assert still_open == 0


def test_without_the_protection_a_connection_stays(
    answers: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection taken away."""
    bare = handlers.permission_denied.__wrapped__  # type: ignore[attr-defined]  # functools
    monkeypatch.setitem(chosen, 403, bare)
    assert ask() == 403
    assert answers[0][1] == 1


AFTER_RESPONSES: tuple[Callable[[], None], ...] = (
    seal_when_due,
    watch_when_due,
    look_after_response,
    flush_if_due,
    age_alarm.look_after_response,
    WATCH.look_when_due,
)


@pytest.fixture
def all_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each of them have something to do now."""
    monkeypatch.setattr(due, "_is_time", lambda: True)
    monkeypatch.setattr(responses._Due, "claim", lambda self, seconds: True)
    monkeypatch.setattr(Watch, "is_time", lambda self, seconds: True)
    monkeypatch.setattr(usage, "_flushed_at", [float("-inf")])
    TURN.come()
    age_alarm.TURN.come()


@pytest.mark.parametrize("look", AFTER_RESPONSES, ids=lambda one: one.__module__)
def test_what_works_after_responses_closes_what_it_opened(
    look: Callable[[], None], all_due: None
) -> None:
    """Each is due, in a thread of a pool that no request owns."""
    left: list[int] = []

    def work() -> None:
        look()
        open_ones = [one for one in connections.all(True) if one.connection is not None]
        left.append(len(open_ones))
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    TURN.wait()
    assert left == [0]


@pytest.mark.parametrize(
    "look",
    [one for one in AFTER_RESPONSES if one is not watch_when_due],
    ids=lambda one: one.__module__,
)
def test_what_works_after_responses_lets_an_event_loop_run(
    look: Callable[[], None], all_due: None, caplog: pytest.LogCaptureFixture
) -> None:
    """A stream of an asynchronous view ends there; databases refuse to be asked."""

    async def finish() -> None:
        look()

    asyncio.run(finish())
    assert caplog.records == []


def test_a_thread_that_had_a_connection_keeps_it() -> None:
    """A synchronous request goes on with its own."""
    connections["default"].ensure_connection()
    foreign_threads.leaves_no_connection(AuditRecord.objects.count)()
    assert connections["default"].connection is not None
