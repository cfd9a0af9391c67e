"""A right revoked in one process stops working in another within two seconds."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import pytest

from django.conf import settings
from django.test import Client

from jtsec.access import revoked_roles
from jtsec.access.api import assign, create_role, revoke
from jtsec.audit.models import AuditRecord
from jtsec.core.context import acting_as, system_actor
from tests import databases
from tests.access.second_process import PAGE, RIGHT
from tests.authentication.passwords_in_force import cheap_passwords
from tests.authentication.persons import PASSWORD, loaded, registered

__all__ = ["cheap_passwords"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.clause("A4.10"),
]
WHY = "换岗"


@pytest.fixture
def browser(settings: Any, cheap_passwords: None) -> Client:
    """Give zhang's browser, logged in, with the right of the page."""
    settings.ROOT_URLCONF = "tests.guard.urls"
    settings.SESSION_COOKIE_SECURE = False
    registered("zhang", 1)
    client = Client()
    client.post("/accounts/login/", {"username": "zhang", "password": PASSWORD})
    return client


def start(cookie: str, seconds: float) -> subprocess.Popen[str]:
    """Start the second process on the database of this test."""
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.access.second_process"),
            *("zhang", cookie, str(seconds)),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env=databases.child_environment(),
    )


def next_line(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Return the next change the other process tells of."""
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


@pytest.mark.parametrize("ends_sessions", [True, False])
def test_a_revoked_right_stops_working_in_another_process(
    browser: Client, ends_sessions: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Within two seconds; and the session that depended on it ends with its reason.

    Without the end of the session the decision alone refuses, in the same time.
    """
    user = registered("other", 2)  # somebody else, whose rights are not touched
    zhang = loaded("zhang").jtsec_identity
    with acting_as(system_actor("a-test")):
        role = create_role(
            "clerk", name="clerk", duty="business", rights=[RIGHT], reason=WHY
        )
        held = assign(zhang, role, reason=WHY)
        assign(user.jtsec_identity, role, reason=WHY)
    assert browser.get(PAGE).status_code == 200
    if not ends_sessions:
        monkeypatch.setattr(revoked_roles, "end_sessions_of", lambda lost: ())
    process = start(browser.cookies[settings.SESSION_COOKIE_NAME].value, 20)
    try:
        first = next_line(process)
        assert (first["reason"], first["page"]) == ("granted", 200)
        with acting_as(system_actor("a-test")):
            revoke(held, reason=WHY)
        revoked = time.time()
        lines = [next_line(process)]
        while lines[-1]["reason"] == "granted":
            lines.append(next_line(process))
        assert lines[-1]["reason"] == "right-missing"
        assert lines[-1]["at"] - revoked < 2
    finally:
        process.kill()
        process.communicate()
    if ends_sessions:
        assert (401, "rights-changed") in [(one["page"], one["code"]) for one in lines]
        row = AuditRecord.objects.get(code="sessions:session:ended")
        assert (row.reason, row.subject) == ("rights-changed", "zhang")
    else:
        assert browser.get(PAGE).status_code == 403
