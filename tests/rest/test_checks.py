"""The check of the interfaces names the framework's own open default."""

from __future__ import annotations

from typing import Any

import pytest

from jtsec.rest.checks import check_default_permission

OPEN = "rest_framework.permissions.AllowAny"
CLOSED = "rest_framework.permissions.IsAuthenticated"


@pytest.mark.clause("A4.13")
@pytest.mark.parametrize(
    ("installed", "chosen", "ids"),
    [
        (False, {}, []),
        (True, {}, ["jtsec.W214"]),
        (True, {"DEFAULT_PERMISSION_CLASSES": [OPEN]}, ["jtsec.W214"]),
        (True, {"DEFAULT_PERMISSION_CLASSES": []}, ["jtsec.W214"]),
        (True, {"DEFAULT_PERMISSION_CLASSES": [CLOSED]}, []),
    ],
)
def test_an_open_default_is_named(
    settings: Any, installed: bool, chosen: dict[str, Any], ids: list[str]
) -> None:
    """Where the framework is in use and its default lets everybody in."""
    if installed:
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "rest_framework"]
    settings.REST_FRAMEWORK = chosen
    assert [one.id for one in check_default_permission(None)] == ids
