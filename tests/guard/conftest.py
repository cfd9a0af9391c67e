"""A guarded project and one registered person in it."""

from __future__ import annotations

from typing import Any

import pytest

from django.test import Client

from tests.authentication.passwords_in_force import cheap_passwords
from tests.authentication.persons import PASSWORD, registered

__all__ = ["cheap_passwords"]


@pytest.fixture(autouse=True)
def guarded_project(settings: Any, cheap_passwords: None) -> None:
    """Serve the guarded views over plain HTTP."""
    settings.ROOT_URLCONF = "tests.guard.urls"
    settings.SESSION_COOKIE_SECURE = False
    settings.CSRF_COOKIE_SECURE = False


@pytest.fixture
def zhang(db: None) -> Any:
    """Return a registered person."""
    return registered("zhang", 1)


@pytest.fixture
def browser(zhang: Any) -> Client:
    """Return a browser in which zhang has logged in through the page."""
    client = Client(raise_request_exception=False)
    answer = client.post(
        "/accounts/login/", {"username": "zhang", "password": PASSWORD}
    )
    assert answer.status_code == 302, answer.content.decode()
    return client
