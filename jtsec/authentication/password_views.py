"""The page on which people change their password, by choice or because it is due."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.db import router, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from jtsec.core.clock import now
from jtsec.core.exposure import signed_in
from jtsec.sessions.api import EndReason, end_others

from .asking import ask
from .entry import client_source_of
from .exceptions import LoginRefused
from .forms import PasswordChangeForm
from .models import Account
from .password_words import faults_in_words
from .passwords import set_password
from .standing import standing_of
from .views import is_exposed, next_of, refusal_page, refuse_exposed, with_next

WRONG_PRESENT = _("The present password is wrong.")


@signed_in
@transaction.non_atomic_requests
@sensitive_post_parameters()
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """
    Change the password of who is logged in (clauses A3.2.3, A3.2.9, P37).

    The present password is asked for, and a wrong one is charged like a failed login:
    otherwise an open session would be a place to guess it without end.
    """
    if is_exposed(request):
        return refuse_exposed(request)
    if request.method != "POST":
        return _page(request, PasswordChangeForm(request.user))
    form = PasswordChangeForm(request.user, request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        is_right = ask(
            request.user,
            form.cleaned_data["old_password"],
            client_source_of(request),
            reason="wrong-at-change",
        )
    except LoginRefused as refused:
        return refusal_page(request, refused.sentence, status=429)
    if not is_right:
        form.add_error("old_password", str(WRONG_PRESENT))
        return _page(request, form)
    try:
        _change(request, form.cleaned_data["new_password"])
    except ValidationError as error:
        # Whether it was used before is told after the present one alone.
        form.add_error("new_password", faults_in_words(error))
        return _page(request, form)
    target = with_next(reverse("jtsec:last-login"), next_of(request))
    return redirect(target + ("&" if "?" in target else "?") + "changed=1")


def _change(request: HttpRequest, password: str) -> None:
    """Set the password; this session gets a new key, all others end."""
    user: Any = request.user
    with transaction.atomic(using=router.db_for_write(Account)):
        set_password(user, password, by_owner=True)
        update_session_auth_hash(request, user)
        end_others(request, why=EndReason.PASSWORD_CHANGED)


def _page(request: HttpRequest, form: PasswordChangeForm) -> HttpResponse:
    standing = standing_of(request.user, now())
    context = {
        "form": form,
        "username": request.user.get_username(),
        "due": standing.sentence if standing.must_change_password else "",
        "next": next_of(request),
    }
    return render(request, "jtsec/authentication/password_change.html", context)
