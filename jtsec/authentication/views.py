"""
The front door: login, logout, the last-login notice, and "this was not me".

The pages decide nothing. The backend judges the password, the sessions' gate gives the
place, the receivers write it down; so a login page that is not ours is guarded alike.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, authenticate
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth.decorators import login_not_required
from django.db import router, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from jtsec.audit.api import record
from jtsec.core.exceptions import Refused
from jtsec.core.exposure import public, signed_in
from jtsec.sessions.api import ended_reason, notice_shown, second_place

from .conf import authentication_settings, page_settings
from .entry import password_due
from .events import LoginDisowned, PasswordExposed
from .exceptions import WRONG, Locked, LoginRefused, Overloaded
from .forms import LoginForm
from .models import Account
from .notice import notice_of


@public
@login_not_required
@transaction.non_atomic_requests
@sensitive_post_parameters()
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Show the login page, or try a login (clauses A3.2.4, A3.2.6, A3.2.12)."""
    if is_exposed(request):
        return refuse_exposed(request)
    if request.method == "POST":
        return _try_login(request)
    if request.user.is_authenticated:
        # Not to `next`: a view that sends its visitors here would get them back.
        return redirect(with_next(reverse("jtsec:last-login"), next_of(request)))
    return _login_page(request, LoginForm())


def _try_login(request: HttpRequest) -> HttpResponse:
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _login_page(request, form)
    user = authenticate(
        request,
        username=form.cleaned_data["username"],
        password=form.cleaned_data["password"],
    )
    if user is None:
        return _refused(request, form, _refusal_of(request))
    _leave_place_of_another(request, user)
    try:
        # All or nothing: a login whose notice or event cannot be written is none.
        with transaction.atomic(using=router.db_for_write(Account)):
            start_session(request, user)
    except Refused as refused:
        return _refused(request, form, refused)
    # Not `redirect`, which would take some targets for the name of a view.
    return HttpResponseRedirect(_after_login(request))


def _leave_place_of_another(request: HttpRequest, user: Any) -> None:
    """
    Log out whoever else is logged in in this browser: recorded, their place is free.

    Else their session goes without an event, and where the new login is refused it
    comes back with the rollback, taking a place that no cookie leads to.
    """
    if request.user.is_authenticated and request.user.pk != user.pk:
        end_session(request)


def _refusal_of(request: HttpRequest) -> Refused:
    """Return why the backend refused; of other backends only that they did."""
    refused = getattr(request, "jtsec_login_refusal", None)
    return refused if isinstance(refused, Refused) else LoginRefused("wrong")


def _refused(request: HttpRequest, form: LoginForm, refused: Refused) -> HttpResponse:
    """Let somebody try again who mistyped; end the process for everybody else."""
    if refused.sentence == str(WRONG):
        form.add_error(None, refused.sentence)
        return _login_page(request, form)
    is_limit = isinstance(refused, Locked | Overloaded)
    return refusal_page(request, refused.sentence, status=429 if is_limit else 403)


def _login_page(request: HttpRequest, form: LoginForm) -> HttpResponse:
    context = {
        "form": form,
        "ended": ended_reason(request) if request.method != "POST" else None,
        "next_name": REDIRECT_FIELD_NAME,
        "next": next_of(request),
        "warning": page_settings().warning,
    }
    return render(request, "jtsec/authentication/login.html", context)


def _after_login(request: HttpRequest) -> str:
    target = next_of(request)
    if password_due(request):
        return with_next(reverse("jtsec:password-change"), target)
    if authentication_settings().notice_page:
        return with_next(reverse("jtsec:last-login"), target)
    return target or resolve_url(settings.LOGIN_REDIRECT_URL)


@public
@login_not_required
@never_cache
@csrf_protect
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session; by POST alone, so that no link of another site can."""
    end_session(request)
    return redirect(settings.LOGOUT_REDIRECT_URL or "jtsec:login")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD"])
def last_login(request: HttpRequest) -> HttpResponse:
    """Show this login, the last one, and what failed in between (clause A3.2.12)."""
    places = second_place(request)
    context = {
        "notice": notice_of(request.user),
        "places": places,
        "is_changed": "changed" in request.GET,
        "onward": next_of(request) or _onward(),
    }
    response = render(request, "jtsec/authentication/last_login.html", context)
    if places:
        notice_shown(request)
    return response


@signed_in
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: HttpRequest) -> HttpResponse:
    """Raise an alarm for who says it was not them, and say what to do now."""
    if request.method == "POST":
        _raise_alarm(request)
        return redirect(reverse("jtsec:not-me") + "?reported=1")
    context = {"is_reported": "reported" in request.GET}
    return render(request, "jtsec/authentication/not_me.html", context)


def _raise_alarm(request: HttpRequest) -> None:
    notice = notice_of(request.user)
    if notice is not None:
        record(
            LoginDisowned(
                login_at=notice.login_at,
                login_address=notice.login_address,
                previous_at=notice.previous_at,
                previous_address=notice.previous_address,
                failures=notice.failure_count,
            )
        )


def is_exposed(request: HttpRequest) -> bool:
    """Answer whether the address itself carries a password (clause A3.2.4)."""
    return any("password" in name.lower() for name in request.GET)


def refuse_exposed(request: HttpRequest) -> HttpResponse:
    """
    Refuse a password in the address, right or wrong, without looking at it.

    Addresses are kept by browsers, proxies and logs; whoever sent it must not get
    used to it.
    """
    record(PasswordExposed(reason=request.path))
    sentence = _(
        "A password was part of the address, where others can read it. It was not "
        "used. Change it, and enter passwords only in the fields of a page."
    )
    return refusal_page(request, sentence, status=400)


def refusal_page(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    """Return the page that ends a login process: a sentence, and whom to ask."""
    context: dict[str, Any] = {"sentence": sentence, "is_limit": status == 429}
    template = "jtsec/authentication/refused.html"
    return render(request, template, context, status=status)


def next_of(request: HttpRequest) -> str:
    """Return where the visitor wanted to go, "" for another site or nowhere."""
    target = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(
        REDIRECT_FIELD_NAME, ""
    )
    is_safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_safe else ""


def with_next(address: str, target: str) -> str:
    """Return an address that leads on to a target."""
    query = urlencode({REDIRECT_FIELD_NAME: target})
    return f"{address}?{query}" if target else address


def _onward() -> str:
    """Return where the notice leads on to; never to itself."""
    address: str = resolve_url(settings.LOGIN_REDIRECT_URL)
    return page_settings().home if address == reverse("jtsec:last-login") else address
