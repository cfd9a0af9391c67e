"""Sessions of others are ended by one duty alone, whatever page asks for it."""

from __future__ import annotations

from typing import Any

import pytest

from django.test import Client, RequestFactory

from jtsec.audit.models import AuditRecord
from jtsec.core.context import Actor, acting_as
from jtsec.core.exceptions import InputError, Refused
from jtsec.identity.api import actor_of
from jtsec.sessions import intervention
from jtsec.sessions.api import end_somebodys, everybodys_sessions
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import loaded, registered
from tests.console.conftest import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(cheap_passwords: None, settings: Any) -> str:  # noqa: F811 - a fixture
    """Return the key of a live session of somebody."""
    settings.ROOT_URLCONF = "tests.urls"
    registered("zhang", 21)
    logged_in("zhang")
    return str(everybodys_sessions().get().pk)


@pytest.mark.clause("A4.4", "A9.1")
@pytest.mark.parametrize("duty", ["business", "system", "audit"])
def test_another_duty_ends_no_session(zhang: str, duty: str) -> None:
    """The verb asks by itself, and the refusal is recorded."""
    registered("other", 22, duty=duty)
    request = RequestFactory().get("/")
    with acting_as(actor_of(loaded("other"))), pytest.raises(Refused) as refused:
        end_somebodys(request, zhang, reason="试试")
    assert refused.value.reason == "end-not-allowed"
    event = AuditRecord.objects.get(code="sessions:session:end-refused")
    assert (event.actor_username, event.reason) == ("other", "end-not-allowed")
    assert everybodys_sessions().count() == 1


def test_nobody_in_particular_ends_no_session(zhang: str) -> None:
    """Neither a visitor nor somebody without a session of their own."""
    request = RequestFactory().get("/")
    claimed = Actor(kind="person", username="secadmin", duty="security")
    for actor in (Actor(), claimed):
        with acting_as(actor), pytest.raises(Refused):
            end_somebodys(request, zhang, reason="试试")
    assert everybodys_sessions().count() == 1


@pytest.mark.parametrize("reason", ["", " ", "x" * 201, "a\x07b"])
def test_a_reason_is_plain_text(zhang: str, reason: str) -> None:
    """Anything else is malformed, and the field is named."""
    with pytest.raises(InputError) as malformed:
        end_somebodys(RequestFactory().get("/"), zhang, reason=reason)
    assert malformed.value.field == "reason"


@pytest.mark.clause("A9.1")
def test_without_the_check_ones_own_session_would_end(
    zhang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection taken away: the page ends what it otherwise refuses."""
    registered("secadmin", 23, duty="security")
    browser: Client = logged_in("secadmin")
    rows: Any = everybodys_sessions()
    own = rows.get(user__jtsec_identity__login_name="secadmin").pk
    page = f"/console/security/sessions/{own}/"
    assert browser.post(page, {"reason": "试试"}).status_code == 403
    monkeypatch.setattr(intervention, "_fault_of", lambda *ignored: "")
    assert browser.post(page, {"reason": "试试"}).status_code == 302
    assert not everybodys_sessions().filter(pk=own).exists()
