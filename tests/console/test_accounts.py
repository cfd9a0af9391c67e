"""The pages of the system administrator: organisations, users, restrictions."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from django.test import Client, override_settings

from jtsec.access.models import Role
from jtsec.approvals.api import approve
from jtsec.approvals.models import ApprovalRequest
from jtsec.audit.models import AuditRecord
from jtsec.authentication.models import Account, Place
from jtsec.core.clock import now
from jtsec.core.context import acting_as, system_actor
from jtsec.identity.api import actor_of, create_organisation, deactivate
from jtsec.identity.models import Identity, Organization
from jtsec.sessions.api import live_sessions
from tests.accounts.people import NORTH, expired, is_in_use
from tests.authentication.persons import by_sql, loaded, registered
from tests.console.conftest import logged_in
from tests.identity import people

pytestmark = pytest.mark.django_db

ORGANISATIONS = "/console/system/organisations/"
USERS = "/console/system/users/"
RESTRICTIONS = "/console/system/restrictions/"
REVIEWS = "/console/system/review/"


def page_of(username: str, act: str = "") -> str:
    """Return the address of somebody's page, or of an act on it."""
    uid = Identity.objects.get(login_name=username).uid
    return f"{USERS}{uid}/{act}"


def read(browser: Client, address: str) -> str:
    """Return a page that is there."""
    answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def newest() -> AuditRecord:
    """Return the newest event."""
    return AuditRecord.objects.order_by("-id")[0]


@pytest.mark.clause("A4.4", "A4.5")
def test_no_other_duty_sees_these_pages(not_system: Client) -> None:
    """Neither by looking nor by sending their forms; each attempt is recorded."""
    registered("zhang", 21)
    acts = (
        *("", "change/", "close/", "activate/", "validity/", "password/"),
        *("role/", "duty/"),
    )
    addresses = [
        *(ORGANISATIONS, f"{ORGANISATIONS}new/", f"{ORGANISATIONS}{people.CODE}/"),
        *(USERS, f"{USERS}new/", RESTRICTIONS, REVIEWS, f"{REVIEWS}unused/"),
        *(page_of("zhang", act) for act in acts),
    ]
    for address in addresses:
        assert not_system.get(address).status_code == 403, address
        refused = AuditRecord.objects.filter(code="access:function:refused")
        assert refused.filter(resource=address).exists()
        assert not_system.post(address, {"reason": "x"}).status_code in (403, 405)
    assert is_in_use("zhang")


def test_the_console_leads_to_the_first_of_these_pages(system_admin: Client) -> None:
    """With the menu of this duty and no other."""
    answer = system_admin.get("/console/")
    assert answer.status_code == 302
    page = read(system_admin, answer.headers["Location"])
    assert USERS in page
    assert "/console/audit/" not in page
    assert "/console/security/" not in page


@pytest.mark.clause("A3.1.4")
def test_an_organisation_is_made_changed_and_closed(system_admin: Client) -> None:
    """Found by name and code; each step is recorded."""
    form = {"code": NORTH, "name": "北区大队", "parent": people.CODE, "reason": "新设"}
    assert system_admin.post(f"{ORGANISATIONS}new/", form).status_code == 302
    assert "北区大队" in read(system_admin, f"{ORGANISATIONS}?text=北区")
    assert "北区大队" not in read(system_admin, f"{ORGANISATIONS}?text=南区")
    address = f"{ORGANISATIONS}{NORTH}/"
    assert newest().reason == "新设"
    changed = {"name": "北区一大队", "parent": "", "reason": "更名"}
    assert system_admin.post(address, changed).status_code == 302
    assert newest().reason == "更名"
    found = Organization.objects.get(code=NORTH)
    assert (found.name, found.parent) == ("北区一大队", None)
    assert system_admin.post(f"{address}close/", {"reason": "撤并"}).status_code == 302
    assert not Organization.objects.get(code=NORTH).is_active
    assert "北区" not in read(system_admin, ORGANISATIONS)
    assert "北区" in read(system_admin, f"{ORGANISATIONS}?state=all")
    assert newest().code == "identity:organisation:changed"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"code": "12", "name": "甲"}, "code"),
        ({"code": people.CODE, "name": "甲"}, "code"),
        ({"code": NORTH, "name": ""}, "name"),
        ({"code": NORTH, "name": "甲\u202e乙"}, "name"),
        ({"code": NORTH, "name": "x" * 101}, "name"),
        ({"code": NORTH, "name": "甲", "parent": "999999999999"}, "parent"),
    ],
)
def test_a_malformed_organisation_is_refused_by_its_field(
    system_admin: Client, form: dict[str, str], field: str
) -> None:
    """400, with the words beside the field; nothing is made."""
    answer = system_admin.post(f"{ORGANISATIONS}new/", form | {"reason": "新设"})
    assert answer.status_code == 400
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert Organization.objects.count() == 1


def test_an_organisation_in_use_is_not_closed_nor_put_below_itself(
    system_admin: Client,
) -> None:
    """With the reason; nothing changed."""
    with acting_as(system_actor("clerk")):
        create_organisation(code=NORTH, name="北区大队", parent=people.organisation())
    top = f"{ORGANISATIONS}{people.CODE}/"
    assert system_admin.post(f"{top}close/", {"reason": "x"}).status_code == 400
    cycle = {"name": "支队 110000", "parent": NORTH, "reason": "划转"}
    assert system_admin.post(top, cycle).status_code == 400
    assert Organization.objects.get(code=people.CODE).parent is None
    for strange in ("110199999999/", "12/", "110199999999/close/"):
        assert system_admin.get(f"{ORGANISATIONS}{strange}").status_code == 404


@pytest.mark.parametrize("after", ["x", "1", "9" * 13, "%00", "110000000000"])
def test_any_page_of_the_organisations_can_be_asked_for(
    system_admin: Client, after: str
) -> None:
    """Nonsense in the address is a 400 and never an error."""
    answer = system_admin.get(f"{ORGANISATIONS}?after={after}")
    assert answer.status_code == (200 if after == "110000000000" else 400)


@pytest.mark.clause("A3.1.4")
def test_users_are_found_with_how_they_stand(system_admin: Client) -> None:
    """By name, number, organisation, duty and state; without ID numbers."""
    expired("zhang")
    page = read(system_admin, USERS)
    assert "zhang" in page
    assert people.resident_id(21) not in page
    for query, is_there in (
        ("text=zhang", True), ("text=000021", True), ("text=nobody", False),
        ("duty=system", False), ("duty=business", True), ("office=1100", True),
        ("office=33", False), ("state=expired", True), ("state=never", True),
        ("state=out", False),
    ):  # fmt: skip
        found = read(system_admin, f"{USERS}?{query}")
        assert (page_of("zhang") in found) is is_there, query
    for query in ("duty=root", "state=x", f"text={'x' * 200}"):
        assert system_admin.get(f"{USERS}?{query}").status_code == 400
    assert system_admin.get(f"{USERS}?after=%00%27").status_code == 200


def test_a_user_is_shown_with_a_masked_id_number(system_admin: Client) -> None:
    """And one that does not exist is not."""
    page = read(system_admin, page_of("zhang"))
    number = people.resident_id(21)
    assert number not in page
    assert number[-4:] in page
    assert page_of("zhang", "password/") in page
    strange = "01991111-0000-7000-8000-000000000000"
    assert system_admin.get(f"{USERS}{strange}/").status_code == 404
    assert system_admin.get(f"{USERS}nobody/").status_code == 404


def test_an_altered_user_is_shown_as_such(system_admin: Client) -> None:
    """Nothing can be done to it here; the list still shows everybody."""
    identity = loaded("zhang").jtsec_identity
    by_sql("jtsec_identity", "number", "999999", id=identity.pk)
    page = read(system_admin, page_of("zhang"))
    assert page_of("zhang", "password/") not in page
    assert "zhang" in read(system_admin, USERS)
    answer = system_admin.post(page_of("zhang", "close/"), {"reason": "x"})
    assert answer.status_code == 403
    assert is_in_use("zhang")


def registration(**changed: str) -> dict[str, str]:
    """Return the form of a new user as it is filled in."""
    known = {
        "username": "wang", "name": "王五", "resident_id": people.resident_id(40),
        "is_police": "no", "number": "E-0040", "organisation": people.CODE,
        "duty": "business", "reason": "窗口新进人员", "valid_until": "",
    }  # fmt: skip
    return known | changed


@pytest.mark.clause("P54.3")
def test_a_new_user_is_submitted_for_review(system_admin: Client) -> None:
    """There is an application, and nobody yet."""
    assert system_admin.get(f"{USERS}new/").status_code == 200
    answer = system_admin.post(f"{USERS}new/", registration())
    assert answer.status_code == 302
    row = ApprovalRequest.objects.get()
    assert (row.kind, row.maker_username) == ("accounts.register", "sysadmin")
    assert not Identity.objects.filter(login_name="wang").exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"resident_id": "110105194912310021"}, "resident_id"),
        ({"resident_id": people.resident_id(21)}, "resident_id"),
        ({"username": ""}, "username"),
        ({"username": "ZHANG"}, "username"),
        ({"username": "a" * 151}, "username"),
        ({"is_police": "maybe"}, "is_police"),
        ({"is_police": "yes"}, "number"),
        ({"duty": "root"}, "duty"),
        ({"organisation": "999999999999"}, "organisation"),
        ({"valid_until": "tomorrow"}, "valid_until"),
        ({"valid_until": "2020-01-01T00:00"}, "valid_until"),
        ({"reason": ""}, "reason"),
    ],
)
def test_a_malformed_registration_is_refused_by_its_field(
    system_admin: Client, changed: dict[str, str], field: str
) -> None:
    """400, with what was typed kept; there is no application."""
    answer = system_admin.post(f"{USERS}new/", registration(**changed))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'id="id_{field}_error"' in page
    assert "E-0040" in page
    assert not ApprovalRequest.objects.exists()


def change(**changed: str) -> dict[str, str]:
    """Return the form of zhang's particulars."""
    known = {
        "username": "zhang", "name": "张三", "resident_id": "", "is_police": "yes",
        "number": "000021", "organisation": people.CODE, "reason": "警号更正",
    }  # fmt: skip
    return known | changed


@pytest.mark.clause("A3.1.4")
def test_a_user_is_changed_and_both_states_are_recorded(system_admin: Client) -> None:
    """What was not typed stays; the ID number is not shown."""
    address = page_of("zhang", "change/")
    assert people.resident_id(21) not in read(system_admin, address)
    assert system_admin.post(address, change(number="000777")).status_code == 302
    found = Identity.objects.get(login_name="zhang")
    assert found.number == "000777"
    assert found.resident_id == people.resident_id(21)
    told = newest()
    assert (told.code, told.reason) == ("identity:person:changed", "警号更正")
    answer = system_admin.post(address, change(number="x", name=""))
    assert answer.status_code == 400
    assert Identity.objects.get(login_name="zhang").number == "000777"


@pytest.mark.clause("A3.2.9")
def test_an_account_is_closed_and_activated_again(system_admin: Client) -> None:
    """Its sessions end; it comes back with a new end and a password change."""
    browser = logged_in("zhang")
    assert system_admin.post(page_of("zhang", "close/"), {}).status_code == 400
    form = {"reason": "调离"}
    assert system_admin.post(page_of("zhang", "close/"), form).status_code == 302
    assert not is_in_use("zhang")
    assert not live_sessions(loaded("zhang")).exists()
    assert browser.get("/accounts/last-login/").status_code != 200
    page = read(system_admin, page_of("zhang"))
    assert "调离" in page
    assert page_of("zhang", "activate/") in page
    past = {"until": "2020-01-01T08:00", "reason": "返岗"}
    assert system_admin.post(page_of("zhang", "activate/"), past).status_code == 400
    assert not is_in_use("zhang")
    until = now() + timedelta(days=90)
    form = {"until": f"{until:%Y-%m-%dT%H:%M}", "reason": "返岗"}
    assert system_admin.post(page_of("zhang", "activate/"), form).status_code == 302
    assert is_in_use("zhang")
    account = Account.objects.get(user=loaded("zhang"))
    assert account.must_change_password
    assert account.valid_until is not None


@pytest.mark.clause("A3.2.9", "A4.4")
@override_settings(
    JTSEC_APPROVALS_ACTS=("access.assign", "authentication.extend-validity")
)
def test_a_longer_validity_is_applied_for_where_the_setting_says_so(
    system_admin: Client,
) -> None:
    """The account stays as it was until a second person approves."""
    expired("zhang")
    form = {"until": "", "reason": "返岗"}
    assert system_admin.post(page_of("zhang", "activate/"), form).status_code == 302
    assert ApprovalRequest.objects.get().kind == "authentication.extend-validity"
    account = Account.objects.get(user=loaded("zhang"))
    assert account.valid_until is not None
    assert account.valid_until < now()


@pytest.mark.clause("A3.2.8")
def test_the_validity_of_an_account_is_set(system_admin: Client) -> None:
    """From and until; an end before the beginning is refused by its field."""
    address = page_of("zhang", "validity/")
    form = {
        "valid_from": "2020-01-01T08:00", "valid_until": "2099-12-31T18:00",
        "reason": "借调期限",
    }  # fmt: skip
    assert system_admin.post(address, form).status_code == 302
    assert Account.objects.get(user=loaded("zhang")).valid_until is not None
    assert "2099-12-31" in read(system_admin, address)
    wrong = form | {"valid_until": "2019-12-31T18:00"}
    answer = system_admin.post(address, wrong)
    assert answer.status_code == 400
    assert 'id="id_valid_until_error"' in answer.content.decode()


@pytest.mark.clause("P37")
def test_a_password_is_reset_told_once_and_changed_at_the_next_login(
    system_admin: Client,
) -> None:
    """It works for one login, which permits nothing else; sessions end."""
    logged_in("zhang")
    answer = system_admin.post(page_of("zhang", "password/"), {"reason": "遗忘口令"})
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    found = re.search(r"<code>([^<]{16})</code>", answer.content.decode())
    assert found is not None
    assert not live_sessions(loaded("zhang")).exists()
    password = found.group(1).replace("&amp;", "&")
    browser = Client()
    form = {"username": "zhang", "password": password}
    assert browser.post("/accounts/login/", form).status_code == 302
    assert loaded("zhang").jtsec_account.must_change_password
    event = AuditRecord.objects.get(code="accounts:password:reset")
    assert (event.actor_username, event.reason) == ("sysadmin", "遗忘口令")
    assert password.encode() not in bytes(event.payload)
    assert password not in read(system_admin, page_of("zhang", "password/"))


@pytest.mark.clause("A4.4")
def test_a_duty_is_applied_for_and_changed_by_a_second_person(
    system_admin: Client,
) -> None:
    """The form of particulars cannot smuggle one in; nonsense names its field."""
    smuggled = change(number="000778") | {"duty": "security"}
    assert system_admin.post(page_of("zhang", "change/"), smuggled).status_code == 302
    assert Identity.objects.get(login_name="zhang").duty == "business"
    address = page_of("zhang", "duty/")
    for wrong in ({"duty": ""}, {"duty": "root"}, {"duty": "business"}, {"reason": ""}):
        form = {"duty": "security", "reason": "轮岗"} | wrong
        assert system_admin.post(address, form).status_code == 400
    form = {"duty": "security", "reason": "轮岗"}
    assert system_admin.post(address, form).status_code == 302
    row = ApprovalRequest.objects.get()
    assert row.kind == "accounts.change-duty"
    assert Identity.objects.get(login_name="zhang").duty == "business"
    registered("secadmin", 31, duty="security")
    with acting_as(actor_of(loaded("secadmin"))):
        approve(row.id, revision=row.revision, note="同意")
    assert Identity.objects.get(login_name="zhang").duty == "security"


@pytest.mark.clause("A4.4", "P37")
def test_an_administrators_password_is_reset_when_a_second_person_approved(
    system_admin: Client,
) -> None:
    """Once, by who applied, within a day; before that nobody gets to see one."""
    registered("secadmin", 31, duty="security")
    registered("auditor", 32, duty="audit")
    address = page_of("auditor", "password/")
    assert system_admin.post(address, {"reason": ""}).status_code == 400
    answer = system_admin.post(address, {"reason": "遗忘口令"})
    assert answer.status_code == 302
    row = ApprovalRequest.objects.get()
    assert row.kind == "accounts.reset-password"
    assert "<code>" not in read(system_admin, address)
    with acting_as(actor_of(loaded("secadmin"))):
        approve(row.id, revision=row.revision, note="已电话核实")
    told = system_admin.post(address, {"reason": "遗忘口令"})
    assert told.status_code == 200
    assert "<code>" in told.content.decode()
    assert system_admin.post(address, {"reason": "again"}).status_code == 302
    assert ApprovalRequest.objects.count() == 2


@pytest.mark.clause("A4.4", "A4.6")
def test_a_role_is_applied_for_and_not_given(system_admin: Client) -> None:
    """The security administrator decides; roles of other duties are not offered."""
    from jtsec.access.api import create_role

    with acting_as(system_actor("clerk")):
        create_role("window", name="窗口岗", duty="business", reason="x")
        create_role("keeper", name="运维岗", duty="system", reason="x")
    address = page_of("zhang", "role/")
    page = read(system_admin, address)
    assert "窗口岗" in page
    assert "运维岗" not in page
    form = {
        "role": "window", "organisation": people.CODE, "with_below": "on",
        "reason": "窗口岗位", "valid_from": "", "valid_until": "",
    }  # fmt: skip
    assert system_admin.post(address, form).status_code == 302
    row = ApprovalRequest.objects.get()
    assert row.kind == "access.assign"
    assert not Role.objects.get(code="window").assignments.exists()
    for wrong in ({"role": "keeper"}, {"role": "none"}, {"organisation": "1"}):
        assert system_admin.post(address, form | wrong).status_code == 400
    assert ApprovalRequest.objects.count() == 1


@pytest.mark.clause("A3.2.8")
def test_login_restrictions_are_set_and_listed(system_admin: Client) -> None:
    """Networks, places, days and hours; each shows, and each can be lifted again."""
    place = {"name": "一号窗口", "networks": "10.1.2.0/24", "reason": "新窗口"}
    assert system_admin.post(RESTRICTIONS, place).status_code == 302
    assert Place.objects.get().networks == ["10.1.2.0/24"]
    uid = Identity.objects.get(login_name="zhang").uid
    address = f"{RESTRICTIONS}{uid}/"
    form = {
        "networks": "10.1.0.0/16，10.2.0.0/16", "terminals": "00-1A-2B-3C-4D-5E",
        "places": ["一号窗口"], "weekdays": ["workdays", "6"],
        "hours": "08:00-18:00", "reason": "窗口岗位",
    }  # fmt: skip
    assert system_admin.post(address, form).status_code == 302
    account = Account.objects.get(user=loaded("zhang"))
    assert account.networks == ["10.1.0.0/16", "10.2.0.0/16"]
    assert account.weekdays == ["workdays", 6]
    page = read(system_admin, RESTRICTIONS)
    assert "10.2.0.0/16" in page
    assert "08:00-18:00" in page
    assert "10.2.0.0/16" in read(system_admin, address)
    assert system_admin.post(address, {"reason": "解除"}).status_code == 302
    assert "08:00-18:00" not in read(system_admin, RESTRICTIONS)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"networks": "10.1.0.0/33"}, "networks"),
        ({"terminals": "two<words"}, "terminals"),
        ({"places": ["nowhere"]}, "places"),
        ({"weekdays": ["9"]}, "weekdays"),
        ({"hours": "8-18"}, "hours"),
        ({"reason": ""}, "reason"),
    ],
)
def test_malformed_restrictions_are_refused_by_their_field(
    system_admin: Client, form: dict[str, Any], field: str
) -> None:
    """400; nothing is restricted."""
    uid = Identity.objects.get(login_name="zhang").uid
    answer = system_admin.post(f"{RESTRICTIONS}{uid}/", {"reason": "x"} | form)
    assert answer.status_code == 400
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert Account.objects.get(user=loaded("zhang")).networks == []
    place = {"name": "甲", "networks": "", "reason": "x"}
    assert system_admin.post(RESTRICTIONS, place).status_code == 400


@pytest.mark.clause("A4.4")
@pytest.mark.parametrize(
    ("act", "form"),
    [
        ("close/", {"reason": "x"}),
        ("activate/", {"reason": "x", "until": ""}),
        ("validity/", {"reason": "x", "valid_from": "", "valid_until": ""}),
        ("password/", {"reason": "x"}),
        ("change/", {}),
        ("duty/", {"reason": "x", "duty": "security"}),
    ],
)
def test_nobody_changes_their_own_account(
    system_admin: Client, act: str, form: dict[str, str]
) -> None:
    """403 with the sentence, and an event; the page offers nothing either."""
    own = read(system_admin, page_of("sysadmin"))
    assert page_of("sysadmin", act) not in own
    if act == "change/":
        form = change(username="sysadmin", number="000099")
    answer = system_admin.post(page_of("sysadmin", act), form)
    assert answer.status_code == 403
    assert newest().outcome == "refused"
    uid = Identity.objects.get(login_name="sysadmin").uid
    limits = {"networks": "10.0.0.0/8", "reason": "x"}
    assert system_admin.post(f"{RESTRICTIONS}{uid}/", limits).status_code == 403


@pytest.mark.clause("P38")
def test_the_last_administrator_is_not_put_out_of_use(system_admin: Client) -> None:
    """With the reason on the page; a second one may go."""
    registered("secadmin", 31, duty="security")
    form = {"reason": "离职"}
    answer = system_admin.post(page_of("secadmin", "close/"), form)
    assert answer.status_code == 403
    assert is_in_use("secadmin")
    registered("second", 32, duty="security")
    assert system_admin.post(page_of("secadmin", "close/"), form).status_code == 302
    assert newest().code == "identity:person:deactivated"


@pytest.mark.parametrize("act", ["close/", "password/", "change/"])
def test_a_form_without_its_token_does_nothing(system_admin: Client, act: str) -> None:
    """Another site cannot send it in an administrator's name."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = system_admin.cookies
    answer = strict.post(page_of("zhang", act), {"reason": "x"})
    assert answer.status_code == 403
    assert is_in_use("zhang")


def test_a_closed_account_gets_no_password(system_admin: Client) -> None:
    """It would be a password for nobody."""
    with acting_as(system_actor("clerk")):
        deactivate(loaded("zhang").jtsec_identity, reason="left")
    answer = system_admin.post(page_of("zhang", "password/"), {"reason": "x"})
    assert answer.status_code == 400
