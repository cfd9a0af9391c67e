"""Interfaces of the REST framework stand behind the same decision as pages."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from django.http import HttpRequest
from django.test import Client
from django.urls import include, path

pytest.importorskip("rest_framework")

from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from jtsec.audit.coverage import attacks
from jtsec.audit.models import AuditRecord
from jtsec.core.exceptions import Refused
from jtsec.errors.rest import exception_handler
from jtsec.rest.permissions import requires
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import registered
from tests.rest.callers import caller
from tests.rest.declared import POLICE, READ, WRITE

pytestmark = [pytest.mark.clause("A4.3"), pytest.mark.django_db(transaction=True)]


class Things(APIView):
    """Read by one right, written by another."""

    permission_classes: tuple[Any, ...] = (requires(READ, POST=WRITE),)

    def get_exception_handler(self) -> Any:
        return exception_handler

    def get(self, request: HttpRequest) -> Response:
        return Response({"thing": "secret"})

    def post(self, request: HttpRequest) -> Response:
        return Response({"thing": "made"})


class Secrets(Things):
    """For police alone."""

    permission_classes = (requires(POLICE),)


class Clear(Things):
    """Read by another right than the others."""

    permission_classes = (requires(READ, GET=POLICE),)


class Unguarded(Things):
    """What a view is without the permission."""

    permission_classes = (AllowAny,)


urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("things/", Things.as_view()),
    path("secrets/", Secrets.as_view()),
    path("clear/", Clear.as_view()),
]


@pytest.fixture(autouse=True)
def site(settings: Any, cheap_passwords: None) -> None:  # noqa: F811 - a fixture
    """Serve the views above."""
    settings.ROOT_URLCONF = __name__
    settings.SESSION_COOKIE_SECURE = False
    # What one source keeps doing is told once; another test may have been at it.
    attacks.forget()


def reasons() -> list[str]:
    """Return why functions were refused, as recorded."""
    refused = AuditRecord.objects.filter(
        code__startswith="access:function", outcome="refused"
    )
    return [row.reason for row in refused]


def test_who_has_the_right_gets_an_answer() -> None:
    """And for another method another right is asked for."""
    assert caller().get("/things/").json() == {"thing": "secret"}
    assert caller("security").post("/things/").json() == {"thing": "made"}


def test_head_asks_for_the_right_of_get() -> None:
    """The framework answers it by the same method: length and traces tell as much."""
    lay = caller(is_police=False)
    assert lay.head("/clear/").status_code == 403
    assert reasons() == ["police-only"]
    assert caller(is_police=True).head("/clear/").status_code == 200
    assert lay.options("/clear/").status_code == 200


@pytest.mark.clause("A4.13")
def test_a_call_without_the_right_is_an_attack() -> None:
    """Status 403, a general sentence, the exact reason and the attack recorded."""
    answer = caller("security").get("/things/")
    assert answer.status_code == 403
    assert "secret" not in answer.content.decode()
    assert "duty" not in answer.content.decode()
    assert caller().post("/things/").status_code == 403
    assert reasons() == ["wrong-duty", "wrong-duty"]
    seen = AuditRecord.objects.filter(code="audit:attack:interface")
    assert [row.source_address for row in seen] == ["127.0.0.1"]


@pytest.mark.clause("A4.7")
def test_what_is_for_police_is_for_police() -> None:
    """Whoever is not a police officer is refused, and it is an alarm."""
    assert caller(is_police=True).get("/secrets/").status_code == 200
    assert caller(is_police=False).get("/secrets/").status_code == 403
    assert reasons() == ["police-only"]


@pytest.mark.clause("A3.1.1")
def test_a_stranger_is_told_to_log_in() -> None:
    """Before any right is asked for."""
    answer = Client().get("/things/", headers={"accept": "application/json"})
    assert answer.status_code == 401


def test_without_the_permission_the_view_would_answer() -> None:
    """What protects is the permission, and nothing else in the view."""
    outsider = registered("outsider", 5, duty="security")
    for view, status in ((Unguarded, 200), (Things, 403)):
        request = APIRequestFactory().get("/things/")
        force_authenticate(request, outsider)
        assert view.as_view()(request).status_code == status


@pytest.mark.clause("A4.14")
def test_an_object_is_decided_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The right alone does not reach what lies outside of its scope."""
    monkeypatch.setattr("jtsec.access.decision.covers", lambda *asked: "label")
    request = APIRequestFactory().get("/things/")
    request.user = registered("officer", 6)
    permission = requires(READ)()
    assert permission.has_permission(request, Things())
    with pytest.raises(Refused) as refused:
        permission.has_object_permission(request, Things(), object())
    assert refused.value.reason == "label"


@pytest.mark.parametrize(
    ("right", "methods"),
    [("nothing", {}), (READ, {"POST": "no right"}), (READ, {"post": WRITE})],
)
def test_a_name_that_cannot_be_is_found_at_import(
    right: str, methods: dict[str, str]
) -> None:
    """A misspelt right would otherwise be found by a visitor."""
    with pytest.raises(ValueError):
        requires(right, **methods)


def test_without_the_framework_the_module_says_what_to_install() -> None:
    """One plain sentence; jtsec itself starts without it."""
    code = (
        "import sys; sys.modules['rest_framework'] = None\n"
        "import django; django.setup()\n"
        "try:\n    import jtsec.rest.permissions\n"
        "except ImportError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    assert "pip install 'jtsec[rest]'" in done.stdout
