"""The check of the interfaces names the framework's own open default."""

from __future__ import annotations

from typing import Any

import pytest

from jtsec.rest.checks import check_clients, check_default_permission
from jtsec.rest.evidence import facts
from tests.authentication.persons import by_sql, registered
from tests.rest.signers import terminal

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


@pytest.mark.clause("A4.13")
@pytest.mark.django_db(transaction=True)
def test_a_client_that_was_altered_is_named() -> None:
    """By its code, with the command that shows it; and the evidence says so."""
    registered("officer", 1)
    terminal()
    assert check_clients(None, databases=["default"]) == []
    assert all(one.holds is not False for one in facts())
    by_sql("jtsec_signedclient", "networks", '["0.0.0.0/0"]', code="gate-3")
    (found,) = check_clients(None, databases=["default"])
    assert found.id == "jtsec.E130"
    assert "gate-3" in found.msg
    assert [one.clause for one in facts() if one.holds is False] == ["A4.13"]
    assert check_clients(None) == []
