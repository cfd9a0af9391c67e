"""A dangerous act asks for the password again, and says what will be recorded."""

from __future__ import annotations

import pytest

from django.test import Client

from jtsec.audit.models import AuditRecord
from jtsec.authentication.conf import authentication_settings
from jtsec.sessions.api import everybodys_sessions, live_sessions
from tests.authentication.persons import PASSWORD, registered
from tests.console.conftest import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A4.4", "A9.1")]

SESSIONS = "/console/security/sessions/"
WRONG = "Falsch-Falsch-1!"


@pytest.fixture
def target(security_admin: Client) -> str:
    """Return the page at which the security administrator ends zhang's session."""
    user = registered("zhang", 21)
    logged_in("zhang")
    return f"{SESSIONS}{live_sessions(user)[0].pk}/"


def is_live() -> bool:
    """Answer whether zhang is still logged in."""
    found = everybodys_sessions().filter(user__jtsec_identity__login_name="zhang")
    return bool(found.exists())


@pytest.mark.parametrize("password", ["", WRONG])
def test_without_the_password_nothing_is_done(
    security_admin: Client, target: str, password: str
) -> None:
    """400, the words beside the field; an open session alone is no administrator."""
    form = {"reason": "离岗", "password": password}
    answer = security_admin.post(target, form)
    assert answer.status_code == 400
    assert is_live()
    assert WRONG not in answer.content.decode()


def test_with_the_password_it_is_done(security_admin: Client, target: str) -> None:
    """And the password is in no event."""
    form = {"reason": "离岗", "password": PASSWORD}
    assert security_admin.post(target, form).status_code == 302
    assert not is_live()
    for one in AuditRecord.objects.order_by("-id")[:5]:
        assert PASSWORD.encode() not in bytes(one.payload)


@pytest.mark.clause("A3.2.6")
def test_it_is_no_place_to_guess_a_password(
    security_admin: Client, target: str
) -> None:
    """Wrong ones are charged like logins, and lock; then no right one helps."""
    for _try in range(authentication_settings().user_limit):
        form = {"reason": "离岗", "password": WRONG}
        assert security_admin.post(target, form).status_code == 400
    assert AuditRecord.objects.filter(code="authentication:user:locked").exists()
    form = {"reason": "离岗", "password": PASSWORD}
    assert security_admin.post(target, form).status_code != 302
    assert is_live()


def test_a_form_without_a_reason_charges_nothing(
    security_admin: Client, target: str
) -> None:
    """What is refused anyway compares no password."""
    for _try in range(authentication_settings().user_limit + 1):
        form = {"reason": "", "password": WRONG}
        assert security_admin.post(target, form).status_code == 400
    assert not AuditRecord.objects.filter(code="authentication:user:locked").exists()


def test_the_page_says_what_will_be_recorded(
    security_admin: Client, target: str
) -> None:
    """The event by its name, who does it, and from where."""
    shown = security_admin.get(target).content.decode()
    note = shown.partition('class="jtsec-recorded"')[2]
    assert "(secadmin)" in note
    assert "127.0.0.1" in note
