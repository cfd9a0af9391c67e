"""The fixtures of pytest."""

from __future__ import annotations

import pytest

from jtsec.authentication.events import LoginFailed
from jtsec.identity.api import identity_of
from jtsec.testing.people import person


def test_a_person_logs_in(jt_user, jt_login):
    """With the password everybody has, and with one of their own."""
    assert jt_login(jt_user()).get("/").status_code == 200
    ann = jt_user(username="ann", password="Pear&Quince-77", name="李四")
    assert jt_login(ann, "Pear&Quince-77").get("/").content == b"ann"
    assert identity_of(ann).name == "李四"


@pytest.mark.django_db
def test_a_person_has_a_duty(client):
    """Each of the four can be asked for."""
    duties = ["business", "system", "security", "audit"]
    assert [identity_of(person(one)).duty for one in duties] == duties


def test_a_refused_login_says_why(jt_user, jt_login):
    """So that a test that cannot log in is understood."""
    with pytest.raises(AssertionError, match="wrong"):
        jt_login(jt_user(), "something else")


@pytest.mark.clause("A5.1")
def test_events_are_seen(jt_user, jt_audit, client):
    """By their class and by their code; making people up is not one of them."""
    ann = jt_user()
    assert list(jt_audit) == []
    assert not client.login(username=ann.username, password="wrong")
    assert [one.subject for one in jt_audit.of(LoginFailed)] == [ann.username]
    assert jt_audit.of("authentication:login:refused")
    assert jt_audit.codes == ["authentication:login:refused"]


def test_the_clock_moves(jt_user, jt_login, jt_clock):
    """Half an hour without a click ends a session."""
    client = jt_login(jt_user())
    jt_clock.advance(minutes=29)
    assert client.get("/").status_code == 200
    jt_clock.advance(minutes=31)
    assert client.get("/").status_code == 302


def test_the_clock_goes_right_again(jt_clock):
    """Each test begins in the present."""
    from django.utils import timezone

    assert abs((jt_clock.now() - timezone.now()).total_seconds()) < 60


def test_the_admin_client(admin_client):
    """What pytest-django gives works."""
    assert admin_client.get("/admin/").status_code == 200
