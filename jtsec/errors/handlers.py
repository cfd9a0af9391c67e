"""
What a visitor gets instead of Django's pages.

`handler400` to `handler500`, and the view for a form without its token.

A refusal that cannot be recorded raises; Django then asks for the answer to an
unexpected error, which is the last word.
"""

from __future__ import annotations

import sys

from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from jtsec.audit.api import record
from jtsec.core.exposure import public
from jtsec.core.foreign_threads import leaves_no_connection

from .answers import Answer, to_response, wants_json
from .api import answer_failure, resource_of
from .events import PermissionRefused

BAD_REQUEST = Answer(
    400,
    "bad-request",
    _("The request is not valid"),
    _("The system cannot read this request. Go back, reload and try again."),
)
FORBIDDEN = Answer(
    403, "forbidden", _("Not allowed"), _("You are not allowed to do this.")
)
NOT_FOUND = Answer(
    404, "not-found", _("Not found"), _("There is nothing at this address.")
)
CSRF_FAILED = Answer(
    403,
    "csrf",
    _("The form has expired"),
    _("The form was too old or came from elsewhere. Go back, reload and try again."),
)
SESSION_ENDED = Answer(
    401, "session-ended", _("The session has ended"), _("Please log in.")
)


@public
@leaves_no_connection
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """
    Answer status 400.

    What looks like an attack is recorded by the middleware, summed up where it goes on
    (`jtsec.audit.coverage`).

    A session that ended while its request was under way is neither: the visitor logs
    in again, and the login page, which still gets the cookie, says why it ended.
    """
    if isinstance(exception, SessionInterrupted):
        if wants_json(request):
            return to_response(SESSION_ENDED, request)
        return redirect_to_login(request.get_full_path())
    return to_response(BAD_REQUEST, request)


@public
@leaves_no_connection
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """
    Answer status 403.

    Who raises `PermissionDenied` after recording why sets `is_recorded` on it; the
    refusal of a view that knows nothing of jtsec is recorded here.
    """
    if not getattr(exception, "is_recorded", False):
        reason = type(exception).__name__
        record(PermissionRefused(resource=resource_of(request), reason=reason))
    return to_response(FORBIDDEN, request)


@public
@leaves_no_connection
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer status 404, without the list of addresses that exist."""
    return to_response(NOT_FOUND, request)


@public
@leaves_no_connection
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer status 500 for the exception being handled."""
    error = sys.exc_info()[1]
    return answer_failure(
        request, error or RuntimeError("status 500 without an exception")
    )


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token; the setting CSRF_FAILURE_VIEW names this."""
    return to_response(CSRF_FAILED, request)
