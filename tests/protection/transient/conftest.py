"""People who are logged in, and requests of their sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from django.test import Client, RequestFactory

from tests.authentication.persons import registered

Login = Callable[[], tuple[Client, Any]]


def request_of(client: Client, user: Any) -> Any:
    """Return a request with the cookie of a client."""
    request = RequestFactory().get("/")
    request.user, request.session = user, client.session
    return request


@pytest.fixture
def user() -> Any:
    """Return somebody with a password."""
    return registered("drawer", 1)


@pytest.fixture
def signed_in(user: Any) -> Login:
    """Return what logs the person in at one more place."""

    def log_in() -> tuple[Client, Any]:
        client = Client()
        client.force_login(user)
        return client, request_of(client, user)

    return log_in
