"""
The way of one request, from the door to the answer.

    boundary   open the audit scope; nothing leaves before its events are durable
    source     who is asking, from where: worked out when first needed
    signature  which terminal or service signed, where an interface takes signatures
    session    who is logged in; why not, where a session has ended
    standing   may this person still be here; is a new password due
    function   which right this view needs, decided once
    rate       how often this caller called an interface within the minute
    view
    attacks    what a refused request shows of an attack is recorded
    flush      held events become durable
    headers    what the browser must know

`SecurityMiddleware` stands first in MIDDLEWARE, so that everything another middleware
does lies inside the boundary. The steps between source and view run as Django's
`process_view`: after every other middleware has prepared the request, and before the
view, whatever library it belongs to.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jtsec.access.api import require_right, requirement_of
from jtsec.audit.api import boundary
from jtsec.audit.coverage.api import watch_answer
from jtsec.authentication.api import (
    OPEN_WHILE_PASSWORD_DUE,
    live_refusal,
    password_due,
)
from jtsec.core.context import Context, enter, leave
from jtsec.core.encoding import forget_unreadable
from jtsec.core.exceptions import Refused
from jtsec.core.exposure import Requirement
from jtsec.core.headers import clear_browser, finish
from jtsec.core.streaming import keep_context
from jtsec.errors.api import answer_failure, refusal_response, wants_json
from jtsec.rest.api import (
    SignatureRefused,
    count_call,
    is_interface,
    is_signed,
    recognise,
    signature_answer,
)
from jtsec.sessions.api import end_current, end_unfounded, ended_reason, has_ended

Step = Callable[[HttpRequest, Requirement], HttpResponse | None]


def require_session(
    request: HttpRequest, requirement: Requirement
) -> HttpResponse | None:
    """
    Send who is not logged in to the login page, with why a session has ended.

    Whoever was put out of use, or made a superuser, is nobody to the backend. Their
    session would live on and be turned away without a word or an event.
    """
    if request.user.is_authenticated:
        return None
    end_unfounded(request)
    return _to_login(request)


def require_standing(
    request: HttpRequest, requirement: Requirement
) -> HttpResponse | None:
    """
    End the session of who may no longer be here, and demand a password that is due.

    Validity, networks and hours hold for a session that is open as they did at login;
    a page left open over night is no way round the hours (clause A3.2.8).
    """
    refused = live_refusal(request)
    if refused is not None:
        end_current(request, refused.reason)
        return _to_login(request)
    view_name = request.resolver_match.view_name if request.resolver_match else ""
    if is_signed(request):
        return None  # whoever calls by a key has no password to change
    if password_due(request) and view_name not in OPEN_WHILE_PASSWORD_DUE:
        return _to_password_change(request)
    return None


def require_function(
    request: HttpRequest, requirement: Requirement
) -> HttpResponse | None:
    """Refuse who lacks the right of this view."""
    require_right(request, requirement)
    return None


REFUSED: Final = 400
"""From here on an answer is looked at for attacks; others cost no thread."""

STEPS: tuple[Step, ...] = (require_session, require_standing, require_function)


class SecurityMiddleware:
    """
    Guards every view of the project (clauses A3.1.1, R18).

    Works in synchronous and asynchronous stacks; the steps are the same functions.
    """

    sync_capable = True
    async_capable = True

    def __init__(
        self,
        get_response: Callable[[HttpRequest], HttpResponseBase]
        | Callable[[HttpRequest], Awaitable[HttpResponseBase]],
    ) -> None:
        self.get_response: Callable[[HttpRequest], Any] = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """Answer a request; a coroutine in an asynchronous stack."""
        if self.is_async:
            return self.answer_async(request)
        forget_unreadable(request)
        context = Context(request)
        token = enter(context)
        try:
            with boundary():
                response = self.get_response(request)
                watch_answer(request, response)
            keep_context(response, context)
        except Exception as error:
            # The events of this request are not durable: its answer must not leave.
            response = answer_failure(request, error)
        finally:
            leave(token)
        return self.finish(request, response)

    async def answer_async(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request in an asynchronous stack."""
        forget_unreadable(request)
        context = Context(request)
        token = enter(context)
        try:
            async with boundary():
                response = await self.get_response(request)
                if response.status_code >= REFUSED:
                    await sync_to_async(watch_answer)(request, response)
            keep_context(response, context)
        except Exception as error:
            response = await sync_to_async(answer_failure)(request, error)
        finally:
            leave(token)
        return self.finish(request, response)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Walk the steps; the first answer ends the way."""
        match = request.resolver_match
        requirement = requirement_of(view, match.view_name if match else "")
        request.jtsec_requirement = requirement  # type: ignore[attr-defined]  # ours
        request.jtsec_is_interface = is_interface(view)  # type: ignore[attr-defined]  # ours
        if requirement.kind == "public":
            return None
        try:
            recognise(request, view)
            for step in STEPS:
                answer = step(request, requirement)
                if answer is not None:
                    return answer
            count_call(request, view)
        except SignatureRefused as refused:
            return signature_answer(refused)
        except Refused as refused:
            return refusal_response(request, refused)
        return None

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        """Answer what a control refused inside of a view, such as a full house."""
        if isinstance(error, Refused):
            return refusal_response(request, error)
        return None

    def finish(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add the headers; only what is public may be kept by a cache."""
        requirement = getattr(request, "jtsec_requirement", None)
        is_public = requirement is not None and requirement.kind == "public"
        finish(response, request, keep=is_public)
        return response


def _to_login(request: HttpRequest) -> HttpResponse:
    """Tell a program the reason as JSON; the login page tells it to a person."""
    if has_ended(request):
        clear_browser(request)
    if wants_json(request):
        reason = ended_reason(request)
        sentence = str(reason.sentence) if reason else _("Please log in.")
        code = reason.code if reason else "not-logged-in"
        return JsonResponse({"detail": sentence, "code": code}, status=401)
    return redirect_to_login(request.get_full_path())


def _to_password_change(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        sentence = _("A new password is due.")
        return JsonResponse({"detail": sentence, "code": "password-due"}, status=403)
    return redirect("jtsec:password-change")
