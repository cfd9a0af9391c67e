"""A project with one critical function and one that is not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from jtsec.access.decorators import requires

CRITICAL = "permits.show_owner"
PLAIN = "permits.list_permits"


@requires(CRITICAL)
def owner(request: HttpRequest) -> HttpResponse:
    """Show everything about somebody."""
    return HttpResponse("owner")


@requires(PLAIN)
def permits(request: HttpRequest) -> HttpResponse:
    """Show a list."""
    return HttpResponse("list")


urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("owner/", owner),
    path("permits/", permits),
]
