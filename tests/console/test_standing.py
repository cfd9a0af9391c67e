"""How the system stands: overviews, settings, policies, tasks and keys."""

from __future__ import annotations

from typing import Any

import pytest

from django.test import Client, override_settings

from jtsec.audit.models import AuditRecord
from jtsec.console.models import ParameterState
from jtsec.console.parameter_words import TITLES
from jtsec.core import conf
from jtsec.keys import api as keys
from tests.console.conftest import refused

pytestmark = pytest.mark.django_db

SYSTEM = ("", "parameters/", "tasks/", "keys/")
SECURITY = ("", "policy/", "policy/lockout/", "policy/frequency/")
IDLE = "JTSEC_SESSIONS_IDLE_MINUTES"


def page(browser: Client, address: str) -> str:
    """Return a page that is there."""
    answer = browser.get(f"/console/{address}")
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


@pytest.mark.clause("A4.4", "A9.4", "A10.3")
@pytest.mark.parametrize("address", SYSTEM)
def test_a_system_administrator_sees_how_the_system_stands(
    system_admin: Client, address: str
) -> None:
    """Each page is there and in the menu."""
    assert 'aria-current="page"' in page(system_admin, f"system/{address}")


@pytest.mark.clause("A4.2", "A4.4")
@pytest.mark.parametrize("address", SECURITY)
def test_a_security_administrator_sees_how_the_controls_stand(
    security_admin: Client, address: str
) -> None:
    """Each page is there and in the menu."""
    assert 'aria-current="page"' in page(security_admin, f"security/{address}")
    assert security_admin.get("/console/security/policy/nothing/").status_code == 404


@pytest.mark.clause("A4.4")
def test_no_other_duty_sees_the_system(not_system: Client) -> None:
    """Each is refused, and recorded."""
    for address in SYSTEM:
        assert not_system.get(f"/console/system/{address}").status_code == 403
        assert refused() == ("wrong-duty", f"/console/system/{address}")


@pytest.mark.clause("A4.4")
def test_no_other_duty_sees_the_controls(not_security: Client) -> None:
    """Each is refused, and recorded."""
    for address in SECURITY:
        assert not_security.get(f"/console/security/{address}").status_code == 403
        assert refused() == ("wrong-duty", f"/console/security/{address}")


@pytest.mark.clause("A3.2.8", "A4.2")
def test_a_changed_setting_is_shown_and_recorded_once(system_admin: Client) -> None:
    """By who sees it first; what stood there before is in the event."""
    changes = AuditRecord.objects.filter(code="console:parameter:changed")
    page(system_admin, "system/parameters/")
    assert not changes.exists()
    with override_settings(**{IDLE: 25}):
        assert "25" in page(system_admin, "system/parameters/?text=idle")
        page(system_admin, "system/parameters/")
        assert [one.resource for one in changes] == [IDLE]
    state = ParameterState.objects.get(name=IDLE)
    assert (state.value, state.is_changed) == ("25", True)


def test_settings_are_found_by_name_clause_and_standing(system_admin: Client) -> None:
    """And a search for nothing says what to type."""
    with override_settings(**{IDLE: 25}):
        differing = page(system_admin, "system/parameters/?which=differs&text=idle")
    assert IDLE in differing
    assert IDLE not in page(system_admin, "system/parameters/?which=gap")
    assert IDLE in page(system_admin, "system/parameters/?text=A9.1")
    assert "<tbody>" not in page(system_admin, "system/parameters/?text=nothing-such")
    bad = system_admin.get("/console/system/parameters/?which=nonsense")
    assert bad.status_code == 400


@pytest.mark.clause("A10.3")
def test_the_page_of_the_keys_shows_no_key(system_admin: Client) -> None:
    """Numbers and purposes alone; a ring that cannot be read is told without a path."""
    shown = page(system_admin, "system/keys/")
    for one in keys.key_status():
        assert one.id in shown
        material = keys.get(one.id).material
        assert material is None or material.hex() not in shown


@pytest.mark.clause("A10.1", "A10.3")
def test_a_ring_that_cannot_be_read_is_told_without_its_path(
    system_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says what to do; where the file lies is for who has the server."""
    from jtsec.console import keys_views

    def unreadable() -> Any:
        raise keys.KeysUnavailable("/secret/place is not there")

    monkeypatch.setattr(keys_views, "key_status", unreadable)
    answer = system_admin.get("/console/system/keys/")
    assert answer.status_code == 503
    assert "/secret/place" not in answer.content.decode()


def test_titles_name_settings_that_exist() -> None:
    """A title nobody needs any more is removed with its setting."""
    assert {one.name for one in conf.declared()} >= TITLES.keys()
