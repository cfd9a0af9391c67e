"""A project that runs django-axes with our handler; a process of its own runs it."""

from __future__ import annotations

import sys

import django
from django.conf import settings

from tests import settings as suite

# Imported a second time, as the URL configuration, it is set up already.
if not settings.configured:
    settings.configure(
        **{name: getattr(suite, name) for name in dir(suite) if name.isupper()}
        | {
            "INSTALLED_APPS": [*suite.INSTALLED_APPS, "axes"],
            "AUTHENTICATION_BACKENDS": [
                "axes.backends.AxesStandaloneBackend",
                "jtsec.authentication.backend.IdentityBackend",
            ],
            "MIDDLEWARE": ["axes.middleware.AxesMiddleware"],
            "PASSWORD_HASHERS": ["tests.authentication.cheap.CheapHasher"],
            "AXES_HANDLER": "jtsec.authentication.axes_handler.JtsecAxesHandler",
            "AXES_FAILURE_LIMIT": 1000,
            "AXES_NEVER_LOCKOUT_GET": True,
            "AXES_VERBOSE": False,
            "ROOT_URLCONF": "tests.authentication.axes_project",
            "DATABASES": {
                "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
            },
        }
    )
    django.setup()

from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.urls import path


def login(request: HttpRequest) -> HttpResponse:
    """Log in by the address, which only a test does."""
    user = authenticate(
        request,
        username=request.GET["username"],
        password=request.GET["password"],
    )
    return HttpResponse("in" if user else "out", status=200 if user else 403)


urlpatterns = [path("", login)]


def main() -> None:
    """Try what the test wants to know; an assertion ends the process."""
    from axes.models import AccessAttempt
    from axes.utils import reset

    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_test_environment

    from tests.authentication.persons import PASSWORD, registered

    setup_test_environment()
    call_command("migrate", verbosity=0)
    registered("li", 1)
    client = Client()

    def answer(password: str) -> tuple[int, str]:
        response = client.get("/", {"username": "li", "password": password})
        return response.status_code, response.content.decode()

    assert answer(PASSWORD) == (200, "in")
    for _ in range(4):
        assert answer("wrong") == (403, "out")
    assert answer("wrong")[1] != "out", "axes shows its lockout page at the fifth"
    status, text = answer(PASSWORD)
    assert (status, text == "in") == (429, False), (status, text)
    reset(username="li")
    assert answer(PASSWORD)[0] == 429, "axes_reset lifts nothing of ours"
    AccessAttempt.objects.create(
        username="li", ip_address="127.0.0.1", failures_since_start=0
    )
    AccessAttempt.objects.all().delete()


if __name__ == "__main__":
    main()
    sys.stdout.write("kept\n")
