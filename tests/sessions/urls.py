"""A project with a login view of its own, which knows nothing of jtsec."""

from __future__ import annotations

from django.contrib.auth import get_user_model, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path

from jtsec.sessions import api


def sign_in(request: HttpRequest) -> HttpResponse:
    """Believe whoever says a name, and say why where there is no place."""
    user = get_user_model()._default_manager.get(username=request.POST["username"])
    try:
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    except api.SessionRefused as refused:
        return HttpResponse(refused.reason, status=409)
    return HttpResponse("in")


def sign_in_and_fail(request: HttpRequest) -> HttpResponse:
    """Log in and break, as a view does that meets a fault afterwards."""
    sign_in(request)
    raise RuntimeError("after the login")


def sign_in_by_hand(request: HttpRequest) -> HttpResponse:
    """Write the login into the session, as code does that bypasses `login`."""
    user = get_user_model()._default_manager.get(username=request.POST["username"])
    request.session["_auth_user_id"] = str(user.pk)
    request.session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    request.session["_auth_user_hash"] = user.get_session_auth_hash()
    return HttpResponse("in")


def sign_out(request: HttpRequest) -> HttpResponse:
    """Log out."""
    logout(request)
    return HttpResponse("out")


def who(request: HttpRequest) -> HttpResponse:
    """Say who asks."""
    return HttpResponse(request.user.get_username())


def nothing(request: HttpRequest) -> HttpResponse:
    """Look at neither session nor user."""
    return HttpResponse("nothing")


def remember(request: HttpRequest) -> HttpResponse:
    """Keep something in the session."""
    request.session["kept"] = request.GET.get("value", "something")
    return HttpResponse("kept")


def reason(request: HttpRequest) -> HttpResponse:
    """Say why the session has ended, as a login page does."""
    ended = api.ended_reason(request)
    return HttpResponse(ended.code if ended else "")


def places(request: HttpRequest) -> HttpResponse:
    """Say where else the user is, once."""
    found = api.second_place(request)
    api.notice_shown(request)
    return HttpResponse(
        " ".join(f"{one.address}:{one.is_newer}:{one.has_ended}" for one in found)
    )


def page(request: HttpRequest) -> HttpResponse:
    """Show what the tags of the sessions tell."""
    source = (
        "{% load jtsec_sessions %}{% session_notices %}{% seconds_left as left %}"
        "{{ left }}"
    )
    return HttpResponse(Template(source).render(RequestContext(request)))


def end_others(request: HttpRequest) -> HttpResponse:
    """End the other sessions."""
    return HttpResponse(str(api.end_others(request)))


def change_password(request: HttpRequest) -> HttpResponse:
    """Give this session a new key, as Django does when a password changes."""
    update_session_auth_hash(request, request.user)  # type: ignore[arg-type]  # logged in
    return HttpResponse("changed")


urlpatterns = [
    path("login/", sign_in),
    path("login-and-fail/", sign_in_and_fail),
    path("login-by-hand/", sign_in_by_hand),
    path("logout/", sign_out),
    path("who/", who),
    path("nothing/", nothing),
    path("remember/", remember),
    path("reason/", reason),
    path("places/", places),
    path("page/", page),
    path("end-others/", end_others),
    path("change-password/", change_password),
]
