"""A project whose views declare one thing each."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import include, path

from jtsec.access.decorators import public, requires, signed_in
from jtsec.audit.api import record
from jtsec.core.exceptions import Refused

from .declared import Looked, Stopped


@public
def open_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


def closed_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("closed")


@signed_in
def member_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.get_username())


@signed_in
async def async_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("async")


@requires("auth.view_group")
def right_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("right")


@login_required
def django_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("django")


@signed_in
def stopping_page(request: HttpRequest) -> HttpResponse:
    record(Looked(resource="page"))
    record(Stopped(resource="page", reason="a rule"))
    raise PermissionDenied


@signed_in
def refusing_page(request: HttpRequest) -> HttpResponse:
    raise Refused("house-full", "今日名额已满。")


@signed_in
def failing_page(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("SELECT secret FROM vault")


@public
def streaming_page(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter([b"a", b"b"]))


urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("open/", open_page),
    path("closed/", closed_page, name="closed"),
    path("member/", member_page),
    path("async/", async_page),
    path("right/", right_page),
    path("django/", django_page),
    path("stopping/", stopping_page),
    path("refusing/", refusing_page),
    path("failing/", failing_page),
    path("streaming/", streaming_page),
]
