"""A login that went round our backend still meets the seal (clause A3.1.2)."""

from __future__ import annotations

from typing import Any

import pytest

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from jtsec.audit.models import AuditRecord
from jtsec.authentication import logins
from jtsec.core.exposure import public
from jtsec.identity.api import user_by_login_name
from jtsec.sessions import admission
from jtsec.sessions.models import Session
from tests.authentication.persons import by_sql

pytestmark = [pytest.mark.clause("A3.1.2"), pytest.mark.django_db(transaction=True)]
BACKEND = "jtsec.authentication.backend.IdentityBackend"


@public
def enter(request: HttpRequest) -> HttpResponse:
    """Log somebody in without asking the backend, as after a certificate."""
    user: Any = user_by_login_name("zhang")
    login(request, user, backend=BACKEND)
    return HttpResponse("in")


urlpatterns = [path("enter/", enter), path("accounts/", include("jtsec.urls"))]


@pytest.fixture(autouse=True)
def foreign_project(guarded_project: None, settings: Any) -> None:
    """Serve the view above."""
    settings.ROOT_URLCONF = __name__


def test_a_whole_identity_enters(zhang: Any) -> None:
    """As ever."""
    assert Client().get("/enter/").content == b"in"


@pytest.mark.parametrize(("column", "value"), [("duty", "security"), ("number", "9")])
def test_an_altered_one_does_not(zhang: Any, column: str, value: str) -> None:
    """It is refused, with an alarm, and leaves no session."""
    by_sql("jtsec_identity", column, value, user_id=zhang.pk)
    client = Client()
    assert client.get("/enter/").status_code == 403
    assert not Session.objects.exclude(user=None).exists()
    assert client.get("/accounts/last-login/").status_code == 302
    codes = list(AuditRecord.objects.values_list("code", flat=True))
    assert "identity:seal:broken" in codes
    assert "authentication:login:succeeded" not in codes


def test_without_the_look_it_would(zhang: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The protection taken away."""
    monkeypatch.setattr(admission, "_require_whole", lambda user: None)
    by_sql("jtsec_identity", "duty", "security", user_id=zhang.pk)
    assert Client().get("/enter/").content == b"in"


@pytest.mark.clause("A3.2.8")
def test_an_account_that_sql_loosened_does_not_enter(zhang: Any) -> None:
    """Nobody has compared its seal on the way; the alarm names it, no session stays."""
    by_sql("jtsec_account", "must_change_why", "by sql", user_id=zhang.pk)
    client = Client()
    assert client.get("/enter/").status_code == 403
    assert not Session.objects.exclude(user=None).open().exists()
    assert client.get("/accounts/last-login/").status_code == 302
    codes = list(AuditRecord.objects.values_list("code", flat=True))
    assert "authentication:account:broken" in codes
    assert "authentication:login:succeeded" not in codes


@pytest.mark.clause("A3.2.8")
def test_without_that_look_it_would(
    zhang: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection taken away."""
    monkeypatch.setattr(logins, "verify_account", lambda user, account: None)
    by_sql("jtsec_account", "must_change_why", "by sql", user_id=zhang.pk)
    client = Client()
    assert client.get("/enter/").content == b"in"
    assert client.get("/accounts/last-login/").status_code == 200
