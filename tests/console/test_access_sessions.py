"""The pages of the live sessions."""

from __future__ import annotations

import pytest

from django.test import Client

from jtsec.sessions.api import EndReason
from jtsec.sessions.models import Session
from tests.authentication.persons import PASSWORD, by_sql, loaded, registered
from tests.console.conftest import logged_in, newest, refused

pytestmark = pytest.mark.django_db

LIST = "/console/security/sessions/"
DESKS = ("grants", "terminals", "propagation", "posts")


def session_of(username: str) -> Session:
    """Return the live session of somebody."""
    found: Session = Session.objects.live().get(
        user__jtsec_identity__login_name=username
    )
    return found


@pytest.mark.clause("A9.1")
def test_a_session_is_ended_with_a_reason_and_its_owner_is_told(
    security_admin: Client,
) -> None:
    """The next page of the other browser is the login page, with the reason."""
    registered("zhang", 21, name="张大山")
    zhang = logged_in("zhang")
    page = security_admin.get(LIST).content.decode()
    assert "张大山" in page
    address = f"{LIST}{session_of('zhang').pk}/"
    assert "张大山" in security_admin.get(address).content.decode()
    assert security_admin.post(address, {"reason": "终端遗失"}).status_code == 302
    done = newest()
    assert (done.code, done.actor_username, done.reason) == (
        "sessions:session:ended-by-administrator", "secadmin", "终端遗失",
    )  # fmt: skip
    told = zhang.get("/accounts/last-login/", follow=True).content.decode()
    assert str(EndReason.BY_ADMINISTRATOR.sentence) in told
    assert security_admin.get(address).status_code == 404
    again = security_admin.post(address, {"reason": "终端遗失"})
    assert again.status_code == 400


@pytest.mark.clause("A9.1")
def test_nobody_ends_their_own_session_there(security_admin: Client) -> None:
    """Neither this one nor another of theirs; refused, recorded, still logged in."""
    address = f"{LIST}{session_of('secadmin').pk}/"
    assert 'name="reason"' not in security_admin.get(address).content.decode()
    assert security_admin.post(address, {"reason": "x"}).status_code == 403
    assert (newest().code, newest().reason) == (
        "sessions:session:end-refused", "end-own-session",
    )  # fmt: skip
    assert security_admin.get(LIST).status_code == 200


def test_a_session_is_not_ended_without_a_reason(security_admin: Client) -> None:
    """The field is named, and the session goes on."""
    registered("zhang", 21)
    zhang = logged_in("zhang")
    address = f"{LIST}{session_of('zhang').pk}/"
    answer = security_admin.post(address, {"reason": " "})
    assert answer.status_code == 400
    assert 'id="id_reason_error"' in answer.content.decode()
    assert zhang.get("/accounts/last-login/").status_code == 200


@pytest.mark.clause("A4.4", "A9.1")
def test_no_other_duty_sees_or_ends_sessions(not_security: Client) -> None:
    """Each attempt leaves an event."""
    registered("zhang", 21)
    Client().post("/accounts/login/", {"username": "zhang", "password": PASSWORD})
    address = f"{LIST}{session_of('zhang').pk}/"
    assert not_security.get(LIST).status_code == 403
    assert not_security.get(address).status_code == 403
    assert not_security.post(address, {"reason": "x"}).status_code == 403
    assert refused() == ("wrong-duty", address)
    assert session_of("zhang").ended_at is None


def test_the_list_is_searched(security_admin: Client) -> None:
    """By name, login name, number and address."""
    registered("zhang", 21, name="张大山")
    logged_in("zhang")
    for asked in ("user=zhan", "user=张大", "user=000021", "address=127."):
        assert "张大山" in security_admin.get(f"{LIST}?{asked}").content.decode()
    for asked in ("user=li", "address=10.", "user=zhang&page=2"):
        assert "张大山" not in security_admin.get(f"{LIST}?{asked}").content.decode()
    assert security_admin.get(f"{LIST}?page=0").status_code == 400
    assert security_admin.get(f"{LIST}{'0' * 64}/").status_code == 404
    assert security_admin.get(f"{LIST}x/").status_code == 404


@pytest.mark.clause("A5.6", "A9.1")
def test_a_spoilt_id_number_hides_nobody(security_admin: Client) -> None:
    """Somebody who can write to the database does not blind the pages by it."""
    registered("zhang", 21, name="张大山")
    logged_in("zhang")
    uid = loaded("zhang").jtsec_identity.uid
    by_sql("jtsec_identity", "resident_id", "spoilt", login_name="zhang")
    address = f"{LIST}{session_of('zhang').pk}/"
    for page in (LIST, address, *(f"/console/security/{one}/{uid}/" for one in DESKS)):
        assert "张大山" in security_admin.get(page).content.decode(), page
    assert security_admin.post(address, {"reason": "数据被改动"}).status_code == 302
