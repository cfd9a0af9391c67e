"""Whom the data of a session call logged in; a claim, until the gate has seen it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_user_model,
)
from django.core.exceptions import ValidationError

AUTHENTICATION = (SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY)


def claimed_user(data: dict[str, Any]) -> Any:
    """Return the primary key of the user in the data, None for nobody or nonsense."""
    if SESSION_KEY not in data:
        return None
    try:
        return get_user_model()._meta.pk.to_python(data[SESSION_KEY])
    except ValidationError:
        return None


def without_claim(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of the same session with nobody logged in."""
    return {name: value for name, value in data.items() if name not in AUTHENTICATION}
