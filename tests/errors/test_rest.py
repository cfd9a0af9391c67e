"""The REST framework answers without what exceptions say."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from django.http import HttpRequest
from django.test import Client
from django.urls import path

from jtsec.audit.models import AuditRecord
from jtsec.errors.models import SealedError
from jtsec.errors.sealing import from_text, open_code
from tests.errors.site import FAILURES, OURS, REFUSALS, SECRETS

rest_framework = pytest.importorskip("rest_framework")

from rest_framework import exceptions, serializers  # noqa: E402 - skipped without it
from rest_framework.response import Response  # noqa: E402 - skipped without it
from rest_framework.views import APIView  # noqa: E402 - skipped without it

from jtsec.errors.rest import exception_handler  # noqa: E402 - skipped without it

MESSAGE = " | ".join(SECRETS)
ACTS = {
    **FAILURES,
    **{kind: act for kind, (act, _) in REFUSALS.items()},
    **OURS,
}
FRAMEWORK = {
    "api": (exceptions.APIException(MESSAGE), 500),
    "parse": (exceptions.ParseError(MESSAGE), 400),
    "invalid": (serializers.ValidationError({"plate": ["Too long."]}), 400),
    "throttled": (exceptions.Throttled(wait=3), 429),
}


class Failing(APIView):
    """Fails in the way that is asked for."""

    authentication_classes = ()
    permission_classes = ()

    def get_exception_handler(self):
        return exception_handler

    def get(self, request: HttpRequest, kind: str) -> Response:
        if kind in FRAMEWORK:
            raise FRAMEWORK[kind][0]
        ACTS[kind]()
        return Response({})

    def post(self, request: HttpRequest, kind: str) -> Response:
        return Response(request.data)  # type: ignore[attr-defined]  # the framework's request


urlpatterns = [path("api/<str:kind>/", Failing.as_view())]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A10.1")]


@pytest.fixture(autouse=True)
def site(settings):
    """Serve the failing API inside a boundary."""
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["tests.audit.site.BoundaryMiddleware"]


def get(kind):
    """Ask for a failure; the client is told, as a monitoring tool would be."""
    return Client(raise_request_exception=False).get(f"/api/{kind}/")


@pytest.mark.parametrize("kind", [*FAILURES, "api"])
def test_an_unexpected_error_is_a_reference(kind, key):
    """Sealed, stored, recorded; nothing said."""
    response = get(kind)
    text = response.content.decode()
    assert response.status_code == 500
    assert not [word for word in (*SECRETS, "Traceback", "site.py") if word in text]
    told = response.json()
    assert open_code(from_text(told["sealed"]), key).reference == told["reference"]
    assert SealedError.objects.filter(reference=told["reference"]).exists()
    assert AuditRecord.objects.get().code == "errors:request:failed"


@pytest.mark.parametrize("kind", [*REFUSALS, "parse"])
def test_a_refusal_does_not_pass_its_message_on(kind):
    """Django's PermissionDenied and Http404 speak to the log."""
    response = get(kind)
    assert 400 <= response.status_code < 501
    assert not [word for word in SECRETS if word in response.content.decode()]


def test_statuses_are_those_of_the_exceptions():
    """What a program relies on stays."""
    assert get("denied").status_code == 403
    assert get("missing").status_code == 404
    assert get("throttled").status_code == 429
    assert get("refused").json() == {"detail": "Not now.", "code": "refused"}
    told = get("input").json()
    assert told == {"detail": "Too long.", "code": "too-long", "field": "name"}


def test_what_a_serializer_says_on_purpose_passes():
    """The fields that are wrong are for the client."""
    told = get("invalid").json()
    assert (told["code"], told["fields"]) == ("invalid", {"plate": ["Too long."]})


def test_what_the_framework_refuses_has_the_one_form():
    """A sentence and a word for programs; the headers stay."""
    answer = get("throttled")
    assert answer.json()["code"] == "throttled"
    assert answer.headers["Retry-After"] == "3"
    told = Client().delete("/api/x/").json()
    assert told["code"] == "method_not_allowed"


def test_a_body_that_cannot_be_parsed_is_answered_plainly():
    """The parser's words name positions in code nobody needs."""
    client = Client()
    response = client.post("/api/x/", "{", content_type="application/json")
    assert response.status_code == 400
    assert response.json()["code"] == "bad-request"
    assert "char" not in response.content.decode()


def test_under_debug_the_developer_sees_djangos_page(settings):
    """DEBUG is the developer's own machine; a check keeps it off elsewhere."""
    settings.DEBUG = True
    with pytest.raises(ValueError, match="hunter2"):
        Client().get("/api/value/")


def test_an_api_that_fails_is_rolled_back(monkeypatch):
    """A handled error would otherwise commit half of the view's work."""
    from django.db import connections

    from jtsec.authentication.models import Place

    def save_and_fail(self, request, kind):
        Place.objects.create(name="half", networks=[])
        raise ValueError(MESSAGE)

    monkeypatch.setattr(Failing, "get", save_and_fail)
    monkeypatch.setitem(connections["default"].settings_dict, "ATOMIC_REQUESTS", True)
    told = get("value").json()
    assert not Place.objects.exists()
    assert SealedError.objects.filter(reference=told["reference"]).exists()
    assert AuditRecord.objects.filter(code="errors:request:failed").exists()


def test_without_the_framework_the_module_says_what_to_install():
    """One plain sentence."""
    code = (
        "import sys; sys.modules['rest_framework'] = None\n"
        "import django; django.setup()\n"
        "try:\n    import jtsec.errors.rest\n"
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
