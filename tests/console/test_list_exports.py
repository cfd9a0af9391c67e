"""Lists of the console as files: head, limit, event, and no formula."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from django.test import Client

from jtsec.access.api import Function, assign, create_role
from jtsec.audit.query.conf import query_settings
from jtsec.console import list_export
from jtsec.core.context import acting_as, system_actor
from jtsec.identity.models import Identity
from tests.access.declared import declared
from tests.authentication.persons import registered
from tests.console.conftest import newest, refused

pytestmark = pytest.mark.django_db

USERS = "/console/system/users/export/"
RIGHTS = "/console/security/roles/export/"
SESSIONS = "/console/security/sessions/export/"
LOCKS = "/console/security/locks/export/"


def table(browser: Client, address: str) -> str:
    """Return a CSV file as text."""
    answer: Any = browser.get(address, {"form": "csv"})
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content).decode("utf-8-sig")


@pytest.mark.clause("A5.1", "A6.3")
def test_users_leave_without_their_id_numbers_and_with_a_head(
    system_admin: Client,
) -> None:
    """Who took it, and the SM3 of the rows; the event says the same."""
    rows = table(system_admin, USERS)
    assert "zhang" in rows
    for one in Identity.objects.all():
        assert one.resident_id not in rows
    event = newest()
    assert (event.code, event.resource) == ("console:list:exported", "console:users")
    assert "sysadmin" in rows.split("\r\n\r\n")[0]
    assert b'"count":2' in bytes(event.payload)


@pytest.mark.clause("A4.2", "A4.3")
def test_the_list_of_rights_says_who_may_what(security_admin: Client) -> None:
    """By role; what comes with a duty alone is among it."""
    registered("zhang", 21)
    with declared(Function("shop.query_permit", "查询通行证", police_only=True)):
        with acting_as(system_actor("a-test")):
            create_role(
                "asker",
                name="查询岗",
                duty="business",
                rights=["shop.query_permit"],
                reason="试用",
            )
            zhang = Identity.objects.get(login_name="zhang")
            assign(zhang, "asker", organisation=zhang.organisation.code, reason="试用")
        rows = table(security_admin, RIGHTS)
    line = next(one for one in rows.splitlines() if "shop.query_permit" in one)
    assert "查询岗" in line
    assert "zhang" in line
    assert "jtsec.view_auditrecord" in rows


@pytest.mark.clause("A5.1")
@pytest.mark.parametrize("address", [SESSIONS, LOCKS])
def test_sessions_and_locks_leave_too(security_admin: Client, address: str) -> None:
    """With an event each; as a workbook as well."""
    table(security_admin, address)
    assert newest().code == "console:list:exported"
    answer: Any = security_admin.get(address, {"form": "xlsx"})
    assert b"".join(answer.streaming_content)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')


def test_an_export_holds_no_more_than_the_settings_allow(
    system_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is cut says so in its head."""
    monkeypatch.setattr(
        list_export, "query_settings", lambda: replace(query_settings(), export_rows=1)
    )
    head, _gap, body = table(system_admin, USERS).partition("\r\n\r\n")
    assert body.count("\r\n") == 2
    assert "1" in head.splitlines()[-1]


def test_nonsense_takes_nothing_out(system_admin: Client) -> None:
    """Neither a form nobody knows nor a search that makes no sense."""
    assert system_admin.get(USERS).status_code == 400
    assert system_admin.get(USERS, {"form": "pdf"}).status_code == 400
    nonsense = {"form": "csv", "state": "nonsense"}
    assert system_admin.get(USERS, nonsense).status_code == 400


@pytest.mark.clause("A4.4")
def test_each_list_leaves_by_its_own_duty_alone(auditor: Client) -> None:
    """An auditor takes none of them out; each attempt is recorded."""
    for address in (USERS, RIGHTS, SESSIONS, LOCKS):
        assert auditor.get(address, {"form": "csv"}).status_code == 403
        assert refused() == ("wrong-duty", address)
