"""My sessions: where somebody is logged in, and how to end what is not theirs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from jtsec.core.exposure import signed_in

from . import api


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD"])
def my_sessions(request: HttpRequest) -> HttpResponse:
    """List the user's live sessions, this one marked (clause A3.2.11)."""
    own = api.own_session(request)
    rows = [] if own is None else list(api.live_sessions(own.user_id))
    context = {
        "sessions": rows,
        "own": own,
        "has_others": len(rows) > 1,
        "ended": request.GET.get("ended", ""),
    }
    return render(request, "jtsec/sessions/my_sessions.html", context)


@signed_in
@never_cache
@csrf_protect
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of the user's own other sessions; of anybody else's nothing happens."""
    ended = api.end_other(request, request.POST.get("session", ""))
    return _back(ended)


@signed_in
@never_cache
@csrf_protect
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of the user's sessions but this one."""
    return _back(api.end_others(request))


@signed_in
@never_cache
@csrf_protect
@require_POST
def keep_alive(request: HttpRequest) -> HttpResponse:
    """Count as activity: the page asks for it when somebody wants to stay."""
    api.own_session(request)
    return HttpResponse(status=204)


def _back(ended: int) -> HttpResponse:
    return redirect(f"{reverse('jtsec:my-sessions')}?ended={ended}")
