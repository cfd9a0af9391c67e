"""A new officer's first day: entered, reviewed, given a password, given a role."""

from __future__ import annotations

import re

import pytest

from django.test import Client

from jtsec.access.api import create_role
from jtsec.access.models import Assignment
from jtsec.approvals.models import ApprovalRequest
from jtsec.core.context import acting_as, system_actor
from jtsec.identity.models import Identity
from tests.authentication.persons import OTHER, PASSWORD, registered
from tests.console.conftest import DUTIES, logged_in
from tests.console.test_accounts import USERS, page_of, registration
from tests.identity import people

pytestmark = pytest.mark.django_db


def verdict(browser: Client, row: ApprovalRequest, what: str = "approve") -> int:
    """Take the step with an application on its page; return the status."""
    address = f"/accounts/approvals/{row.pk}/"
    page = browser.get(address).content.decode()
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    form = {"revision": row.revision} | sent | {"verdict": what, "note": "已核实"}
    form["password"] = PASSWORD
    return browser.post(address, form).status_code


@pytest.mark.clause("P54.3", "A4.4", "P37")
def test_from_the_application_to_the_first_login(system_admin: Client) -> None:
    """Two administrators, each at their own pages; neither could do it alone."""
    registered("secadmin", DUTIES["security"], duty="security")
    guard = logged_in("secadmin")
    assert system_admin.post(f"{USERS}new/", registration()).status_code == 302
    row = ApprovalRequest.objects.get()
    assert verdict(system_admin, row) in (400, 403, 409)
    assert not Identity.objects.filter(login_name="wang").exists()
    assert (
        people.resident_id(40)
        not in guard.get(f"/accounts/approvals/{row.pk}/").content.decode()
    )
    assert verdict(guard, row) == 302
    assert Identity.objects.get(login_name="wang").name == "王五"
    told = system_admin.post(page_of("wang", "password/"), {"reason": "首次交付"})
    found = re.search(r"<code>([^<]{16})</code>", told.content.decode())
    assert found is not None
    wang = Client()
    form = {"username": "wang", "password": found.group(1)}
    assert wang.post("/accounts/login/", form).status_code == 302
    moved = wang.get(USERS)
    assert moved.status_code == 302
    assert "password" in moved.headers["Location"]
    form = {
        "old_password": found.group(1), "new_password": OTHER,
        "new_password_again": OTHER,
    }  # fmt: skip
    assert wang.post(moved.headers["Location"], form).status_code == 302
    assert wang.get("/accounts/last-login/").status_code == 200
    assert wang.get(USERS).status_code == 403


@pytest.mark.clause("A4.4", "A4.6")
def test_a_role_applied_for_here_is_granted_there(system_admin: Client) -> None:
    """The system administrator prepares, the security administrator grants."""
    registered("secadmin", DUTIES["security"], duty="security")
    with acting_as(system_actor("clerk")):
        create_role("window", name="窗口岗", duty="business", reason="x")
    form = {
        "role": "window", "organisation": people.CODE, "with_below": "on",
        "reason": "窗口岗位", "valid_from": "", "valid_until": "",
    }  # fmt: skip
    assert system_admin.post(page_of("zhang", "role/"), form).status_code == 302
    row = ApprovalRequest.objects.get()
    assert verdict(system_admin, row) in (400, 403, 409)
    assert not Assignment.objects.exists()
    assert verdict(logged_in("secadmin"), row) == 302
    assert Assignment.objects.get().identity.login_name == "zhang"
    assert "窗口岗" in system_admin.get(page_of("zhang")).content.decode()
