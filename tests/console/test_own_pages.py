"""Everybody's own pages: the profile and the logins."""

from __future__ import annotations

import pytest

from django.test import Client

from jtsec.identity.models import Identity
from jtsec.validation.api import masked
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import by_sql, registered
from tests.console.conftest import DUTIES, logged_in

pytestmark = pytest.mark.django_db

PROFILE = "/accounts/profile/"
LOGINS = "/accounts/logins/"


def page(browser: Client, address: str) -> str:
    """Return a page that is there."""
    answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.clause("A3.1.4", "A6.3")
@pytest.mark.parametrize("duty", DUTIES)
def test_everybody_sees_their_own_particulars(
    cheap_passwords: None,  # noqa: F811 - a fixture
    duty: str,
) -> None:
    """Whatever their duty; the ID number is masked."""
    user = registered(duty, DUTIES[duty], duty=duty)
    shown = page(logged_in(duty), PROFILE)
    assert str(user.jtsec_identity.uid) in shown
    assert user.jtsec_identity.resident_id not in shown
    assert masked(user.jtsec_identity.resident_id) in shown


@pytest.mark.clause("A3.1.4")
def test_an_altered_row_shows_no_number(system_admin: Client) -> None:
    """A number under a broken seal may be somebody else's: it is not shown at all."""
    number = masked(Identity.objects.get(login_name="sysadmin").resident_id)
    assert number in page(system_admin, PROFILE)
    by_sql("jtsec_identity", "name", "李四", login_name="sysadmin")
    assert number not in system_admin.get(PROFILE).content.decode()


@pytest.mark.clause("A3.2.12", "A5.1")
def test_everybody_sees_their_own_logins_and_no_other(system_admin: Client) -> None:
    """Logins and refused tries under the name; nothing of anybody else's."""
    wrong = {"username": "sysadmin", "password": "Falsch-Falsch-1!"}
    Client(REMOTE_ADDR="10.8.0.9").post("/accounts/login/", wrong)
    others = {"username": "zhang", "password": "Falsch-Falsch-1!"}
    Client(REMOTE_ADDR="10.8.0.7").post("/accounts/login/", others)
    shown = page(system_admin, LOGINS)
    assert shown.count("<tr>") == 3  # the head, the login, the try
    assert "10.8.0.9" in shown
    assert "10.8.0.7" not in shown


def test_the_logins_go_on_page_by_page(system_admin: Client) -> None:
    """Behind the last login there is nothing; nonsense in the address is refused."""
    shown = page(system_admin, f"{LOGINS}?after=1")
    assert "<tbody>" not in shown
    assert system_admin.get(f"{LOGINS}?after=x").status_code == 400


def test_a_stranger_is_sent_to_log_in(db: None) -> None:
    """Both pages belong to who is logged in."""
    for address in (PROFILE, LOGINS):
        assert Client().get(address).status_code == 302
