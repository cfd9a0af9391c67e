"""Who is logged in now, and ending a session that is not one's own (clause A9.1)."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.decorators import requires
from jtsec.authentication.api import recorded_as
from jtsec.sessions.api import end_somebodys, everybodys_sessions, own_session

from .access_session_search import FilterForm
from .acting import Fault, carry_out, tell_done
from .confirming import ConfirmedForm
from .page import show
from .paging import ROWS

RIGHT: Final = "jtsec.end_session"
FOLDER: Final = "jtsec/console/access"


@require_safe
@requires(RIGHT)
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """List the live sessions, the last login first."""
    form = FilterForm(request.GET)
    is_sound = form.is_valid()
    found = everybodys_sessions().order_by("-created_at", "pk")
    number = 1
    if is_sound:
        found = found.filter(form.condition())
        number = form.cleaned_data["page"] or 1
    rows = list(found[(number - 1) * ROWS : number * ROWS + 1])
    own = own_session(request)
    context = {
        "form": form,
        "rows": rows[:ROWS],
        "own_user": own.user_id if own else None,
        "total": everybodys_sessions().count(),
        "number": number,
        "has_more": len(rows) > ROWS,
        "kept": _kept(request),
    }
    return show(
        request, f"{FOLDER}/sessions.html", context, status=200 if is_sound else 400
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def session(request: HttpRequest, digest: str) -> HttpResponse:
    """Show one live session, and end it."""
    found = everybodys_sessions().filter(pk=digest).first()
    if found is None and request.method != "POST":
        raise Http404
    form = ConfirmedForm(request)
    fault: Fault | None = None
    if request.method == "POST":
        fault = carry_out(
            form,
            lambda: end_somebodys(request, digest, reason=form.cleaned_data["reason"]),
        )
        if fault is None:
            tell_done(request, _("The session is ended and recorded."))
            return redirect("jtsec-console:live-sessions")
    own = own_session(request)
    context = {
        "session": found,
        "is_own": found is not None
        and own is not None
        and own.user_id == found.user_id,
        "form": form,
        "fault": fault,
        "recorded": recorded_as("sessions:session:ended-by-administrator"),
    }
    status = fault.status if fault else 200
    return show(request, f"{FOLDER}/session.html", context, status=status)


def _kept(request: HttpRequest) -> str:
    """Return the search in an address, without the page."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()
