"""A small site with the watch around it, as the middleware of jtsec has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.generic import DetailView, ListView

from jtsec.audit.api import boundary
from jtsec.audit.coverage.api import (
    AuditedDetail,
    audit_query,
    audit_view,
    watch_answer,
)
from jtsec.core.context import Context, enter, leave
from tests.audit.coverage.models import Station

if TYPE_CHECKING:
    Detail = DetailView[Station]
    Listing = ListView[Station]
else:
    Detail, Listing = DetailView, ListView


class WatchMiddleware:
    """Asks about each answer inside the boundary."""

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
                response = self.get_response(request)
                watch_answer(request, response)
                return response
        finally:
            leave(token)

    async def answer(self, request: HttpRequest) -> Any:
        token = enter(Context(request))
        try:
            async with boundary():
                response: Any = await self.get_response(request)
                await sync_to_async(watch_answer)(request, response)
                return response
        finally:
            leave(token)


def fine(request: HttpRequest) -> HttpResponse:
    """Answers."""
    return HttpResponse("fine")


def suspicious(request: HttpRequest) -> HttpResponse:
    """Finds something that cannot be."""
    raise SuspiciousOperation("no such thing")


def ended(request: HttpRequest) -> HttpResponse:
    """Tells a program that its session has ended."""
    return JsonResponse({"detail": "…", "code": "idle"}, status=401)


def interface(request: HttpRequest) -> HttpResponse:
    """Refuses a program."""
    return JsonResponse({"detail": "no"}, status=403)


def stranger(request: HttpRequest) -> HttpResponse:
    """Refuses a program that nobody has logged in."""
    return JsonResponse({"detail": "no", "code": "not-logged-in"}, status=401)


@audit_view("tests.station", resource="plainapp.station:{pk}", arguments=())
def station(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows one station, or does not."""
    if pk == 403:
        raise PermissionDenied
    if pk == 404:
        raise Http404
    if pk == 400:
        return HttpResponse(status=400)
    return HttpResponse(get_object_or_404(Station, pk=pk).name)


@audit_view("tests.core-station", core=True)
async def core_station(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows one to a coroutine's client."""
    return HttpResponse(str(pk))


class StationDetail(AuditedDetail, Detail):
    """Shows one by a class."""

    model = Station

    def render_to_response(self, context: Any, **kwargs: Any) -> HttpResponse:
        """Show its name."""
        return HttpResponse(context["object"].name)


class StationList(Listing):
    """Lists them, page by page."""

    paginate_by = 2

    def get_queryset(self) -> Any:
        """Return those whose name was asked for."""
        wanted = {"name__contains": self.request.GET.get("name", "")}
        rows = Station.objects.filter(**wanted).order_by("pk")
        return audit_query(rows, conditions=wanted)

    def render_to_response(self, context: Any, **kwargs: Any) -> HttpResponse:
        """Show their names."""
        return HttpResponse(",".join(one.name for one in context["object_list"]))


urlpatterns = [
    path("", fine),
    path("suspicious/", suspicious),
    path("ended/", ended),
    path("interface/", interface),
    path("stranger/", stranger),
    path("stations/<int:pk>/", station),
    path("core/<int:pk>/", core_station),
    path("detail/<int:pk>/", StationDetail.as_view()),
    path("list/", StationList.as_view()),
]
