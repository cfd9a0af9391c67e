"""An answer that is streamed is made in the name of who asked for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from django.http import HttpRequest, StreamingHttpResponse
from django.test import AsyncClient, Client
from django.urls import include, path

import jtsec.middleware
from jtsec.access.decorators import signed_in
from jtsec.access.unscoped import NotScoped
from jtsec.audit.models import AuditRecord
from jtsec.authentication.accounts import write_account
from tests.access.scoped_models import Folder
from tests.access.visits import CITY, OTHER, RIGHT, organisations, reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A4.1")]


@signed_in
def careless(request: HttpRequest) -> StreamingHttpResponse:
    """Stream every row there is, while it goes out."""

    def rows() -> Iterator[str]:
        for folder in Folder.objects.order_by("number"):
            yield folder.number

    return StreamingHttpResponse(rows())


@signed_in
def careful(request: HttpRequest) -> StreamingHttpResponse:
    """Stream what the caller may see, and say that all were counted."""

    def rows() -> Iterator[str]:
        for folder in Folder.objects.visible_to(request.user, RIGHT):
            yield folder.number
        yield f" of {Folder.objects.unscoped('a count').count()}"

    return StreamingHttpResponse(rows())


@signed_in
async def asynchronous(request: HttpRequest) -> StreamingHttpResponse:
    """Do the careless thing in a coroutine."""

    async def rows() -> AsyncIterator[str]:
        async for folder in Folder.objects.order_by("number"):
            yield folder.number

    return StreamingHttpResponse(rows())


urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("careless/", careless),
    path("careful/", careful),
    path("asynchronous/", asynchronous),
]


@pytest.fixture
def user(settings: Any) -> Any:
    """Give somebody of the city, on this site, with one folder in it and one not."""
    settings.ROOT_URLCONF = __name__
    places = organisations()
    for code in (CITY, OTHER):
        Folder.objects.create(number=code, organisation=places[code], label=1)
    found = reader(1, places[CITY]).user
    write_account(found, must_change_password=False, must_change_why="")
    return found


def test_a_stream_is_bound_to_who_asked(user: Any) -> None:
    """Rows in nobody's name do not come out of it, and events name the person."""
    browser = Client()
    browser.force_login(user)
    with pytest.raises(NotScoped):
        b"".join(browser.get("/careless/"))
    assert b"".join(browser.get("/careful/")) == f"{CITY} of 2".encode()
    event = AuditRecord.objects.get(code="access:rows:unscoped")
    assert event.actor_username == user.get_username()


def test_a_coroutine_s_stream_is_bound_as_well(user: Any) -> None:
    """Whatever server it runs on."""
    browser = AsyncClient()
    browser.force_login(user)

    async def read() -> None:
        answer: Any = await browser.get("/asynchronous/")
        async for _part in answer:
            raise AssertionError("a row came out")

    with pytest.raises(NotScoped):
        async_to_sync(read)()


def test_without_its_context_a_stream_gives_everything(
    user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection removed."""
    monkeypatch.setattr(jtsec.middleware, "keep_context", lambda *both: None)
    browser = Client()
    browser.force_login(user)
    assert b"".join(browser.get("/careless/")) == f"{CITY}{OTHER}".encode()
