"""Views that go wrong in every way."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    SuspiciousFileOperation,
)
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from jtsec.core.exceptions import InputError, Refused

SECRETS = (
    "hunter2-db-password",
    "/srv/app/secret/settings.py",
    "SELECT id FROM secret_table",
)
MESSAGE = " | ".join(SECRETS)


class Unprintable(Exception):
    """An exception that cannot even be turned into text."""

    def __str__(self) -> str:
        raise RuntimeError(MESSAGE)


class Rigid(Exception):
    """An exception that takes no attributes."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(MESSAGE)


def _chained() -> None:
    try:
        raise KeyError(MESSAGE)
    except KeyError as error:
        raise ValueError(MESSAGE) from error


def _sql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM secret_table")


def _endless() -> None:
    _endless()


def _raise(error: BaseException) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


FAILURES: dict[str, Callable[[], None]] = {
    "value": _raise(ValueError(MESSAGE)),
    "chained": _chained,
    "sql": _sql,
    "database": _raise(DatabaseError(MESSAGE)),
    "endless": _endless,
    "unprintable": _raise(Unprintable()),
    "rigid": _raise(Rigid()),
    "group": _raise(ExceptionGroup(MESSAGE, [ValueError(MESSAGE)])),
    "unicode": _raise(ValueError(MESSAGE + "\ud800\x00\x1b[2J")),
    "long": _raise(ValueError(MESSAGE * 50_000)),
    "memory": _raise(MemoryError(MESSAGE)),
    "none": _raise(StopIteration(MESSAGE)),
}
REFUSALS: dict[str, tuple[Callable[[], None], int]] = {
    "denied": (_raise(PermissionDenied(MESSAGE)), 403),
    "missing": (_raise(Http404(MESSAGE)), 404),
    "bad": (_raise(BadRequest(MESSAGE)), 400),
    "suspicious": (_raise(SuspiciousFileOperation(MESSAGE)), 400),
}
OURS: dict[str, Callable[[], None]] = {
    "refused": _raise(Refused("exact-rule", "Not now.")),
    "input": _raise(InputError("Too long.", field="name", code="too-long")),
}


def fail(request: HttpRequest, kind: str) -> HttpResponse:
    """Fails in the way that is asked for."""
    password_in_a_local = "only-in-a-local-variable"
    act = FAILURES.get(kind) or REFUSALS.get(kind, (None, 0))[0] or OURS[kind]
    act()
    return HttpResponse(password_in_a_local)


urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("fail/<str:kind>/", fail),
]
