"""A WSGI application that says which process and which database answered."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import Any


def application(
    environ: dict[str, Any], start_response: Callable[..., Any]
) -> Iterable[bytes]:
    """Answer any request with the id of this process and the users it can see."""
    start_response("200 OK", [("Content-Type", "application/json")])
    answer = {"pid": os.getpid(), "users": usernames()}
    return [json.dumps(answer).encode()]


def usernames() -> list[str]:
    """Return the users in the database of `tests.settings`."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.contrib.auth import get_user_model
    from django.db import connection

    names = sorted(
        user.get_username() for user in get_user_model()._default_manager.all()
    )
    connection.close()
    return names
