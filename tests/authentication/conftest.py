"""A clock in the hands of a test, and people to log in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from django.test import Client
from django.utils import timezone

from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD, registered


class Clock:
    """The server's clock; it goes on by itself, and further when told."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.real = timezone.now

    def now(self) -> datetime:
        return self.real() + self.ahead

    def advance(self, **parts: float) -> None:
        self.ahead += timedelta(**parts)

    def set(self, at: datetime) -> None:
        self.ahead = at - self.real()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the server's clock."""
    moved = Clock()
    monkeypatch.setattr(timezone, "now", moved.now)
    return moved


@pytest.fixture
def zhang(db: None, cheap_passwords: None) -> Any:  # noqa: F811 - a fixture of its name
    """Return a business user who may log in."""
    return registered("zhang", 1)


@pytest.fixture
def browser(zhang: Any) -> Client:
    """Return a browser in which zhang is logged in, through the login page."""
    opened = Client()
    response = log_in(opened)
    assert response.status_code == 302
    return opened


def log_in(
    client: Client, username: str = "zhang", password: str = PASSWORD, **more: Any
) -> Any:
    """Send the login form."""
    form = {"username": username, "password": password}
    return client.post("/accounts/login/", form, **more)
