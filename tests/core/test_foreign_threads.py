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

from jtsec.audit.models import AuditRecord
from jtsec.core import foreign_threads
from jtsec.errors import handlers

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


def test_a_thread_that_had_a_connection_keeps_it() -> None:
    """A synchronous request goes on with its own."""
    connections["default"].ensure_connection()
    foreign_threads.leaves_no_connection(AuditRecord.objects.count)()
    assert connections["default"].connection is not None
