"""People of each duty with their browsers."""

from __future__ import annotations

from typing import Any

import pytest

from django.test import Client

from jtsec.audit.models import AuditRecord
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD, registered

DUTIES = {"audit": 11, "security": 12, "system": 13, "business": 14}


class Desk(Client):
    """A browser at which somebody types their password below each reason they give."""

    def post(self, path: str, data: Any = None, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # takes what the client's own takes
        """Send a form; one that confirms nothing ignores the password."""
        if isinstance(data, dict):
            given = [name for name in data if name.endswith("reason")]
            typed = {name.replace("reason", "password"): PASSWORD for name in given}
            data = typed | data
        return super().post(path, data, *args, **kwargs)


def logged_in(username: str) -> Client:
    """Return the browser of somebody who went through the login page."""
    client = Desk()
    form = {"username": username, "password": PASSWORD}
    assert client.post("/accounts/login/", form).status_code == 302
    return client


def of_duty(duty: str) -> Client:
    """Return the browser of somebody who has a duty and is called like it."""
    registered(duty, DUTIES[duty], duty=duty)
    return logged_in(duty)


def newest() -> AuditRecord:
    """Return the newest event; a flood of refusals may have been told after it."""
    rows = AuditRecord.objects.exclude(code__startswith="audit:")
    return rows.order_by("-id")[0]


def refused() -> tuple[str, str]:
    """Return why and where a function was refused last."""
    rows = AuditRecord.objects.filter(code="access:function:refused")
    found: tuple[str, str] = rows.order_by("-id").values_list("reason", "resource")[0]
    return found


@pytest.fixture
def auditor(db: None, cheap_passwords: None) -> Client:  # noqa: F811 - a fixture
    """Return the browser of an audit administrator."""
    registered("auditor", DUTIES["audit"], duty="audit")
    return logged_in("auditor")


@pytest.fixture(params=["business", "system", "security"])
def outsider(
    request: Any,
    db: None,
    cheap_passwords: None,  # noqa: F811 - a fixture
) -> Client:
    """Return the browser of somebody whose duty is not the audit, each in turn."""
    return of_duty(request.param)


@pytest.fixture
def security_admin(db: None, cheap_passwords: None) -> Client:  # noqa: F811 - a fixture
    """Return the browser of a security administrator."""
    registered("secadmin", DUTIES["security"], duty="security")
    return logged_in("secadmin")


@pytest.fixture(params=["business", "system", "audit"])
def not_security(
    request: Any,
    db: None,
    cheap_passwords: None,  # noqa: F811 - a fixture
) -> Client:
    """Return the browser of somebody of each other duty in turn."""
    return of_duty(request.param)


@pytest.fixture
def system_admin(db: None, cheap_passwords: None) -> Client:  # noqa: F811 - a fixture
    """Return the browser of a system administrator; zhang is a user."""
    registered("sysadmin", DUTIES["system"], duty="system")
    registered("zhang", 21)
    return logged_in("sysadmin")


@pytest.fixture(params=["business", "security", "audit"])
def not_system(
    request: Any,
    db: None,
    cheap_passwords: None,  # noqa: F811 - a fixture
) -> Client:
    """Return the browser of somebody whose duty is not the system, each in turn."""
    return of_duty(request.param)
