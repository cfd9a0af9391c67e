"""A server with one page that logs in and says why it refuses; for gunicorn."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.authentication.login_settings"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from django.contrib.auth import authenticate  # noqa: E402 - needs the apps
from django.http import HttpRequest, HttpResponse  # noqa: E402 - needs the apps
from django.urls import path  # noqa: E402 - needs the apps

from jtsec.authentication import backend  # noqa: E402 - needs the apps
from jtsec.authentication.api import Locked, block_of_user, reserve  # noqa: E402 - same
from jtsec.core.source import Source  # noqa: E402 - needs the apps
from tests.authentication.cheap import CountingHasher  # noqa: E402 - needs the apps

WITHOUT_RESERVATION = "JTSEC_TEST_WITHOUT_RESERVATION"
HASH_SECONDS = 0.02


def login(request: HttpRequest) -> HttpResponse:
    """Answer "in", or the exact reason of the refusal."""
    user = authenticate(
        request,
        username=request.GET.get("username"),
        password=request.GET.get("password"),
    )
    refusal = getattr(request, "jtsec_login_refusal", None)
    return HttpResponse("in" if user else getattr(refusal, "reason", "nothing"))


urlpatterns = [path("", login)]


class _CountsAfterwards:
    """A reservation as others have it: looked up before, counted after."""

    def __init__(self, name: str, source: Source) -> None:
        self.spend = lambda: reserve(name, source).spend()

    def succeed(self) -> None:
        """Do nothing."""


@contextmanager
def look_then_count(name: str, source: Source) -> Iterator[_CountsAfterwards]:
    """Look whether there is a lock, and charge only when the password was wrong."""
    if block_of_user(name) is not None:
        raise Locked("user-locked")
    yield _CountsAfterwards(name, source)


def _verify_slowly(self: CountingHasher, password: Any, encoded: str) -> bool:
    """Take as long as a real hash, so that attempts overlap as they would."""
    time.sleep(HASH_SECONDS)
    return _verify(self, password, encoded)


_verify = CountingHasher.verify
CountingHasher.verify = _verify_slowly  # type: ignore[method-assign]  # a test server's
if os.environ.get(WITHOUT_RESERVATION):
    vars(backend)["attempt"] = look_then_count
