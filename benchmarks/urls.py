"""Three pages and a login, the same for every compared project."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from benchmarks.models import Vehicle


@login_not_required
def public(request: HttpRequest) -> HttpResponse:
    """Touch nothing: neither the session nor the database."""
    return HttpResponse(b"ok")


@login_required
def signed_in(request: HttpRequest) -> HttpResponse:
    """Use the database for who is logged in, and for nothing else."""
    return HttpResponse(b"ok")


@login_required
def listing(request: HttpRequest) -> HttpResponse:
    """Use the database as a page does: who is logged in, and twenty rows."""
    plates = [vehicle.plate for vehicle in Vehicle._default_manager.all()[:20]]
    return HttpResponse(",".join(plates))


urlpatterns: list[URLPattern | URLResolver] = [
    path("public/", public),
    path("signed-in/", signed_in),
    path("list/", listing),
    path("login/", LoginView.as_view()),
    path("logout/", login_required(LogoutView.as_view(next_page="/"))),
]
if "jtsec" in settings.INSTALLED_APPS:
    urlpatterns += [path("accounts/", include("jtsec.urls"))]
