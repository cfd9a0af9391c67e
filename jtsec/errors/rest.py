"""
The exception handler for Django REST framework.

The framework's own handler shows a client the text of Django's `PermissionDenied` and
`Http404`, of a parser, and of an `APIException` without a status; each may hold what
the programmer wrote for the log. Only what a serializer or a view says on purpose in
an answer of the 4xx family passes.

Every answer has one form: `detail`, a sentence; `code`, a word for programs; `fields`,
what is wrong with which; `reference` and `sealed` for an error nobody expected.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest
from django.utils.log import log_response

from jtsec.audit.api import record
from jtsec.core.exceptions import InputError, Refused

from .answers import Answer, unexpected
from .api import capture, resource_of
from .events import PermissionRefused
from .handlers import BAD_REQUEST, FORBIDDEN, NOT_FOUND

try:
    from rest_framework.exceptions import APIException, ParseError
    from rest_framework.response import Response
    from rest_framework.views import exception_handler as framework_handler
    from rest_framework.views import set_rollback
except ImportError as missing:
    raise ImportError(
        "jtsec.errors.rest needs Django REST framework: pip install 'jtsec[rest]'"
    ) from missing


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """
    Return the answer to an exception; the setting EXCEPTION_HANDLER names this.

    Returns:
        A response; None under DEBUG for what nobody expected, so that the developer
        sees Django's page.
    """
    request = _django_request(context)
    match error:
        case Refused():
            return _answer(
                Answer(403, "refused", "", error.sentence or FORBIDDEN.sentence)
            )
        case InputError():
            return _invalid(error)
        case Http404():
            return _answer(NOT_FOUND)
        case PermissionDenied():
            if not getattr(error, "is_recorded", False):
                reason = type(error).__name__
                record(PermissionRefused(resource=resource_of(request), reason=reason))
            return _answer(FORBIDDEN)
        case ParseError():
            return _answer(BAD_REQUEST)
        case APIException() if error.status_code < 500:
            return _framed(error, context)
        case SuspiciousOperation():
            # Django answers it, status 400, and the attack it may be is recorded.
            return None
    if settings.DEBUG:
        return None
    return _unexpected(error, request)


def _framed(error: APIException, context: Mapping[str, Any]) -> Response | None:
    """Return the framework's answer, its headers kept, in the one form."""
    response = framework_handler(error, dict(context))
    if response is None:
        return None
    said = error.detail
    if isinstance(said, list | dict):
        fields = said if isinstance(said, dict) else {"non_field_errors": said}
        told = {"detail": str(BAD_REQUEST.sentence), "code": error.default_code}
        response.data = {**told, "fields": fields}
    else:
        response.data = {"detail": str(said), "code": said.code}
    response.headers["Cache-Control"] = "no-store"
    return response


def _unexpected(error: Exception, request: HttpRequest | None) -> Response:
    """Answer as `handler500` would, and tell whoever listens for errors."""
    got_request_exception.send(sender=exception_handler, request=request)
    response = _answer(unexpected(capture(error, request)))
    log_response(
        "%s: %s",
        "Internal Server Error",
        request.path if request else "",
        response=response,
        request=request,
        exception=error,
    )
    return response


def _invalid(error: InputError) -> Response:
    answer = _answer(Answer(400, error.code, BAD_REQUEST.title, str(error)))
    if error.field:
        answer.data["field"] = error.field
    return answer


def _answer(answer: Answer) -> Response:
    # The view's transaction would otherwise commit: a handled error is no rollback.
    set_rollback()
    response = Response(answer.as_dict(), status=answer.status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _django_request(context: Mapping[str, Any]) -> HttpRequest | None:
    """Return Django's request, on which `capture` and the audit rely."""
    request = context.get("request")
    found = getattr(request, "_request", request)
    return found if isinstance(found, HttpRequest) else None
