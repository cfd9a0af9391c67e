"""The rule against former passwords is no place to guess the present one (A3.2.6)."""

from __future__ import annotations

from typing import Any

import pytest

from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.forms import AdminPasswordChangeForm, PasswordChangeForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from jtsec.authentication import validators
from jtsec.authentication.models import Account, Counter
from jtsec.core.exposure import signed_in
from tests.authentication.conftest import log_in
from tests.authentication.persons import OTHER, PASSWORD, loaded, registered
from tests.authentication.recorded import codes

pytestmark = [pytest.mark.clause("A3.2.6", "P37"), pytest.mark.django_db]
WRONG = "Wrong-One-2026!"
USED = "password_used_before"


@signed_in
def djangos(request: HttpRequest) -> HttpResponse:
    """Is a page of a project with Django's own form."""
    user: Any = request.user
    form = PasswordChangeForm(user, request.POST)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, form.user)
    return HttpResponse(form.errors.as_json())


@signed_in
def careless(request: HttpRequest) -> HttpResponse:
    """Is a page of a project that asks for no present password."""
    user: Any = request.user
    try:
        validate_password(request.POST["new"], user)
        user.set_password(request.POST["new"])
    except ValidationError as error:
        return HttpResponse(" ".join(str(one.code) for one in error.error_list))
    user.save()
    update_session_auth_hash(request, user)
    return HttpResponse("set")


@signed_in
def of_another(request: HttpRequest) -> HttpResponse:
    """Is the form with which an administrator sets somebody's password."""
    new = request.POST["new"]
    data = {"password1": new, "password2": new, "usable_password": "true"}
    form = AdminPasswordChangeForm(loaded("zhang"), data)
    return HttpResponse(form.errors.as_json())


@signed_in
def after_a_login(request: HttpRequest) -> HttpResponse:
    """Has the present password verified by the backend first."""
    present = request.POST["old"]
    user: Any = authenticate(request, username="zhang", password=present)
    user = user or request.user
    try:
        validate_password(request.POST["new"], user)
    except ValidationError as error:
        return HttpResponse(" ".join(str(one.code) for one in error.error_list))
    return HttpResponse("good")


urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("djangos/", djangos),
    path("careless/", careless),
    path("of-another/", of_another),
    path("after-a-login/", after_a_login),
]


@pytest.fixture(autouse=True)
def project(settings: Any) -> None:
    """Serve the views above."""
    settings.ROOT_URLCONF = __name__


def change(client: Client, old: str, new: str, address: str) -> str:
    """Send a form of a new password; return the page."""
    names = ("new_password", "new_password_again", "new_password1", "new_password2")
    form = {"old_password": old, "old": old, "new": new}
    return client.post(address, form | dict.fromkeys(names, new)).content.decode()


def rule() -> str:
    """Return what the page says of a password that was used before."""
    return validators.HistoryValidator().get_help_text()


@pytest.mark.parametrize("old", [WRONG, ""])
def test_our_page_does_not_tell_the_present_password(browser: Client, old: str) -> None:
    """The new one is compared with the former ones after the present one alone."""
    told = change(browser, old, PASSWORD, "/accounts/password/").count(rule())
    assert told == change(browser, old, OTHER, "/accounts/password/").count(rule())


def test_without_the_silence_our_page_would_tell(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection taken away: any number of guesses, and none of them charged."""
    monkeypatch.setattr(validators, "is_guess_of_owner", lambda user: False)
    told = change(browser, "", PASSWORD, "/accounts/password/").count(rule())
    assert told > change(browser, "", OTHER, "/accounts/password/").count(rule())
    assert not Counter.objects.filter(failures__gt=0).exists()


def test_the_owner_is_told_and_keeps_no_former_password(browser: Client) -> None:
    """Whoever knows the present one; nothing is charged, nothing changed."""
    assert change(browser, PASSWORD, OTHER, "/accounts/password/") == ""
    before = Account.objects.get().password_set_at
    for former in (PASSWORD, OTHER):
        page = change(browser, OTHER, former, "/accounts/password/")
        assert "jtsec-errors" in page
    assert Account.objects.get().password_set_at == before
    assert not Counter.objects.filter(failures__gt=0).exists()
    assert codes().count("authentication:password:changed") == 2
    assert log_in(Client(), password=OTHER).status_code == 302


def test_djangos_form_does_not_tell_either(browser: Client) -> None:
    """It judges the new password although the present one is wrong or missing."""
    for old in ("", WRONG):
        assert USED not in change(browser, old, PASSWORD, "/djangos/")
    assert USED in change(browser, PASSWORD, PASSWORD, "/djangos/")
    assert change(browser, PASSWORD, OTHER, "/djangos/") == "{}"


def test_a_page_that_asks_for_none_lets_none_come_back(browser: Client) -> None:
    """Judged when it is set: who may set a password learns nothing by it."""
    assert change(browser, "", PASSWORD, "/careless/") == USED
    assert change(browser, "", OTHER, "/careless/") == "set"


def test_an_administrator_does_not_learn_it(browser: Client) -> None:
    """What somebody else sets has to be changed at the next login anyway."""
    registered("li", 2, duty="system")
    admin = Client()
    assert log_in(admin, "li").status_code == 302
    assert USED not in change(admin, "", PASSWORD, "/of-another/")


def test_who_was_verified_by_the_backend_is_told(browser: Client) -> None:
    """As after any other proof in the same request."""
    assert change(browser, PASSWORD, PASSWORD, "/after-a-login/") == USED
    assert change(browser, WRONG, PASSWORD, "/after-a-login/") == "good"
