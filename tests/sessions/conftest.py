"""People, browsers and a clock for the tests of the sessions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from jtsec.sessions.engine import SessionStore
from jtsec.sessions.models import Session

from .project import MIDDLEWARE


class Clock:
    """The server's clock, in the hands of a test."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.real = timezone.now

    def now(self) -> datetime:
        return self.real() + self.ahead

    def advance(self, **parts: float) -> None:
        self.ahead += timedelta(**parts)


@pytest.fixture(autouse=True)
def bare_project(settings: Any) -> None:
    """Leave Django's own session and login, so that the engine alone is tested."""
    settings.MIDDLEWARE = MIDDLEWARE
    settings.ROOT_URLCONF = "tests.sessions.urls"
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    settings.SESSION_ENGINE = "jtsec.sessions.engine"
    settings.SESSION_COOKIE_SECURE = False


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return a clock that goes on by itself, and further when told."""
    moved = Clock()
    monkeypatch.setattr(timezone, "now", moved.now)
    return moved


@pytest.fixture
def ann(db: None) -> Any:
    """Return a user."""
    return new_user("ann")


def new_user(name: str) -> Any:
    """Create a user who has no password."""
    user = get_user_model()(username=name)
    user.set_unusable_password()
    user.save()
    return user


def browser(address: str = "10.1.1.1") -> Client:
    """Return a browser at an address."""
    return Client(REMOTE_ADDR=address)


def log_in(client: Client, name: str) -> Any:
    """Log in through the project's own view; returns the response."""
    return client.post("/login/", {"username": name})


def who(client: Client) -> str:
    """Return as whom the server knows a browser, "" for a stranger."""
    return client.get("/who/").content.decode()


def row_of(client: Client) -> Session:
    """Return the row of a browser's cookie."""
    store = SessionStore(client.cookies["sessionid"].value)
    found: Session = Session.objects.get(pk=store.digest)
    return found
