"""A small site: views that refuse and fail, and the boundary around them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any, TypeVar

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async

from django.core.exceptions import PermissionDenied
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from jtsec.audit.api import arecord, boundary, record
from jtsec.core.context import Context, enter, leave
from tests.audit.declared import PermitGranted, PermitRefused

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on a loop of its own, and close what its thread opened."""

    async def close_afterwards() -> T:
        try:
            return await work
        finally:
            await sync_to_async(connections.close_all)()

    return asyncio.run(close_afterwards())


class BoundaryMiddleware:
    """Puts the boundary around everything, as the middleware of jtsec does."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if iscoroutinefunction(self.get_response):
            return self.answer(request)
        token = enter(Context(request))
        try:
            with boundary():
                return self.get_response(request)
        finally:
            leave(token)

    async def answer(self, request: HttpRequest) -> Any:
        token = enter(Context(request))
        try:
            async with boundary():
                waiting: Awaitable[Any] = self.get_response(request)
                return await waiting
        finally:
            leave(token)


class Recorded(PermissionDenied):
    """A refusal whose reason was recorded by who raised it."""

    is_recorded = True


def refuse(request: HttpRequest) -> HttpResponse:
    """Records a success and a refusal, then raises."""
    record(PermitGranted(resource="rolled back"))
    record(PermitRefused(resource="refused", reason="no right"))
    raise Recorded


async def refuse_async(request: HttpRequest) -> HttpResponse:
    """Records a refusal on the event loop, then raises."""
    record(PermitRefused(resource="refused", reason="no right"))
    await arecord(PermitGranted(resource="awaited"))
    raise Recorded


def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Records while the response is on its way."""

    def chunks() -> Iterator[bytes]:
        yield b"one"
        record(PermitRefused(resource="streamed", reason="limit"))
        record(PermitGranted(resource="streamed"))
        yield b"two"

    return StreamingHttpResponse(chunks())


urlpatterns = [
    path("refuse/", refuse),
    path("refuse-async/", refuse_async),
    path("stream/", stream),
]
