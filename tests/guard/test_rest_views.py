"""Views of the REST framework are as closed as all others."""

from __future__ import annotations

from typing import Any

import pytest

from django.http import HttpRequest
from django.test import Client
from django.urls import include, path

rest_framework = pytest.importorskip("rest_framework")

from rest_framework import permissions  # noqa: E402 - skipped without it
from rest_framework.decorators import api_view  # noqa: E402 - skipped without it
from rest_framework.response import Response  # noqa: E402 - skipped without it
from rest_framework.views import APIView  # noqa: E402 - skipped without it

from jtsec.access.decorators import public  # noqa: E402 - skipped without it
from jtsec.access.requirements import requirement_of  # noqa: E402 - skipped without it
from jtsec.audit.models import AuditRecord  # noqa: E402 - skipped without it

pytestmark = [pytest.mark.clause("A3.1.1"), pytest.mark.django_db(transaction=True)]
JSON = {"accept": "application/json"}


class Forgotten(APIView):
    """Says nothing, and the project's default permission lets everybody in."""

    permission_classes: tuple[Any, ...] = (permissions.AllowAny,)

    def get(self, request: HttpRequest) -> Response:
        """Give away what it has."""
        return Response({"owner": "secret"})


class Closed(Forgotten):
    """Asks for a login in the framework's words."""

    permission_classes = (permissions.IsAuthenticated,)


@public
@api_view(["GET"])
def opened(request: HttpRequest) -> Response:
    """Is open because somebody decided it."""
    return Response({"status": "up"})


urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("forgotten/", Forgotten.as_view()),
    path("closed/", Closed.as_view()),
    path("opened/", opened),
]


@pytest.fixture(autouse=True)
def rest_project(guarded_project: None, settings: Any) -> None:
    """Serve the views above."""
    settings.ROOT_URLCONF = __name__


def test_the_frameworks_own_mark_opens_no_view() -> None:
    """
    It marks every view of its own as needing no login, for another middleware.

    Taken at its word, the whole API would stand open, and no limit on live sessions
    would hold there.
    """
    view: Any = Forgotten.as_view()
    assert view.login_required is False
    assert requirement_of(view, "").kind == "undeclared"


def test_a_stranger_gets_nothing_from_a_view_that_somebody_forgot() -> None:
    """However generous its own permissions are."""
    response = Client().get("/forgotten/", headers=JSON)
    assert response.status_code == 401
    assert b"secret" not in response.content


def test_a_permission_that_asks_for_a_login_is_a_declaration() -> None:
    """The framework's own test runs inside; ours only comes before it."""
    assert requirement_of(Closed.as_view(), "").kind == "login"
    response = Client().get("/closed/", headers=JSON)
    assert response.status_code == 401


def test_a_view_that_is_decorated_is_open() -> None:
    """The function decorators and ours go together."""
    assert Client().get("/opened/").json() == {"status": "up"}


def test_somebody_logged_in_does_not_reach_a_forgotten_view(browser: Client) -> None:
    """It is refused, and the refusal is recorded."""
    assert browser.get("/forgotten/", headers=JSON).status_code == 403
    assert AuditRecord.objects.filter(code="access:view:undeclared").count() == 1
    assert browser.get("/closed/", headers=JSON).json() == {"owner": "secret"}
