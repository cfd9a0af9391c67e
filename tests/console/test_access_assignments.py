"""The pages at which roles are given and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from django.test import Client

from jtsec.access.api import Function, assign, create_role, decide
from jtsec.access.models import Assignment, Role
from jtsec.core.context import acting_as, system_actor
from tests.access.declared import declared
from tests.authentication.persons import by_sql, loaded, registered
from tests.console.conftest import logged_in, newest, refused

pytestmark = pytest.mark.django_db

LIST = "/console/security/grants/"
CODE = "110000000000"


@pytest.fixture(autouse=True)
def direct(settings: Any) -> Iterator[None]:
    """Give without an application, so that these tests see the act itself."""
    settings.JTSEC_APPROVALS_ACTS = ()
    with declared(
        Function("shop.query_permit", "查询通行证"),
        Function("shop.query_owner", "查询所有人", police_only=True),
    ):
        yield


def made(code: str, *rights: str, duty: str = "business") -> Role:
    """Return a role."""
    with acting_as(system_actor("a-test")):
        return create_role(code, name=code, duty=duty, rights=rights, reason="测试")


def page_of(username: str) -> str:
    """Return the address of somebody's roles."""
    return f"{LIST}{loaded(username).jtsec_identity.uid}/"


def filled(**changed: Any) -> dict[str, Any]:
    """Return a form as it is filled in."""
    form = {"role": "clerk", "organisation": CODE, "with_below": "on", "reason": "调入"}
    return form | changed


@pytest.mark.clause("A4.6")
def test_a_role_is_given_and_taken_back(security_admin: Client) -> None:
    """With reason, time and organisation; and the person is logged out at the end."""
    registered("zhang", 21, name="张大山")
    made("clerk", "shop.query_permit")
    page = page_of("zhang")
    assert security_admin.get(page).status_code == 200
    form = filled(valid_until="2099-01-01T12:00")
    assert security_admin.post(page, form).status_code == 302
    given = Assignment.objects.get()
    assert (given.role.code, given.made_why, given.with_below) == (
        "clerk",
        "调入",
        True,
    )
    assert given.valid_until is not None
    assert decide(loaded("zhang"), "shop.query_permit")
    assert (newest().code, newest().actor_username) == (
        "access:role:assigned", "secadmin",
    )  # fmt: skip
    shown = security_admin.get(page).content.decode()
    assert "2099-01-01 12:00:00" in shown
    zhang = logged_in("zhang")
    end = f"{LIST}end/{given.pk}/"
    assert "张大山" in security_admin.get(end).content.decode()
    assert security_admin.post(end, {"reason": " "}).status_code == 400
    assert security_admin.post(end, {"reason": "调离"}).status_code == 302
    assert not decide(loaded("zhang"), "shop.query_permit")
    assert zhang.get("/accounts/last-login/").status_code == 302
    assert security_admin.get(end).status_code == 404
    assert security_admin.post(end, {"reason": "调离"}).status_code == 400
    assert "调离" in security_admin.get(f"{page}?ended=1").content.decode()


def test_what_is_wrong_stands_beside_its_field(security_admin: Client) -> None:
    """And nothing is given; roles of another duty are not even offered."""
    registered("zhang", 21)
    made("clerk", "shop.query_permit")
    made("watcher", duty="audit")
    wrong = (
        ("role", ""), ("role", "nobody"), ("role", "watcher"),
        ("organisation", "999999999999"), ("organisation", ""),
        ("valid_until", "2000-01-01T00:00"), ("valid_until", "soon"),
        ("reason", ""), ("reason", "x" * 201),
    )  # fmt: skip
    for field, typed in wrong:
        answer = security_admin.post(page_of("zhang"), filled(**{field: typed}))
        assert answer.status_code == 400, (field, typed)
        assert f'id="id_{field}_error"' in answer.content.decode(), (field, typed)
    assert not Assignment.objects.exists()


@pytest.mark.clause("A4.7")
def test_a_role_for_police_officers_is_refused_to_others(
    security_admin: Client,
) -> None:
    """With a plain sentence for the person and the exact reason in the audit."""
    registered("wang", 22, is_police=False)
    made("clerk", "shop.query_owner")
    answer = security_admin.post(page_of("wang"), filled())
    assert answer.status_code == 403
    assert 'role="alert"' in answer.content.decode()
    assert "shop.query_owner" not in answer.content.decode().split("<main")[0]
    assert (newest().code, newest().reason) == ("access:policy:refused", "police-only")
    assert not Assignment.objects.exists()


@pytest.mark.clause("A4.4")
def test_nobody_gives_themselves_a_role(security_admin: Client) -> None:
    """Refused, recorded, nothing given."""
    made("clerk", duty="security")
    answer = security_admin.post(page_of("secadmin"), filled())
    assert answer.status_code == 403
    assert newest().reason == "oneself"
    assert not Assignment.objects.exists()


@pytest.mark.clause("A4.4")
def test_under_approval_nothing_is_given_at_once(
    security_admin: Client, settings: Any
) -> None:
    """What stands under approval is applied for, or refused; never done."""
    settings.JTSEC_APPROVALS_ACTS = ("access.assign",)
    registered("zhang", 21)
    made("clerk", "shop.query_permit")
    answer = security_admin.post(page_of("zhang"), filled())
    assert answer.status_code in (302, 403)
    assert not Assignment.objects.exists()


@pytest.mark.clause("A4.2", "A4.4")
def test_no_other_duty_sees_gives_or_takes_roles(not_security: Client) -> None:
    """Neither by the pages nor by sending their forms."""
    registered("zhang", 21)
    with acting_as(system_actor("a-test")):
        given = assign(loaded("zhang").jtsec_identity, made("clerk"), reason="测试")
    for page in (LIST, page_of("zhang"), f"{LIST}end/{given.pk}/"):
        assert not_security.get(page).status_code == 403
        assert not_security.post(page, filled()).status_code in (403, 405)
    assert refused()[0] == "wrong-duty"
    assert Assignment.objects.filter(ended_at=None).count() == 1


@pytest.mark.clause("A4.2")
def test_an_assignment_altered_by_sql_is_shown_as_such(security_admin: Client) -> None:
    """It gives nothing, and it can be taken back."""
    registered("zhang", 21)
    with acting_as(system_actor("a-test")):
        given = assign(loaded("zhang").jtsec_identity, made("clerk"), reason="测试")
    by_sql("jtsec_assignment", "made_why", "forged", made_by="a-test")
    page = security_admin.get(page_of("zhang")).content.decode()
    assert "jtsec-mark-bad" in page
    end = f"{LIST}end/{given.pk}/"
    assert security_admin.post(end, {"reason": "被改动"}).status_code == 302


def test_people_are_searched_page_by_page(security_admin: Client) -> None:
    """By name, login name, number, duty and organisation; fifty on a page."""
    registered("zhang", 21, name="张大山")
    for asked in ("text=zha", "text=张", "text=000021", "duty=business", "office=11"):
        assert "张大山" in security_admin.get(f"{LIST}?{asked}").content.decode()
    for asked in ("text=li", "duty=audit", "office=99"):
        assert "张大山" not in security_admin.get(f"{LIST}?{asked}").content.decode()
    assert security_admin.get(f"{LIST}?duty=moon").status_code == 400
    assert security_admin.get(f"{LIST}?after=x").status_code == 200
    unknown = "0198c1f0-0000-7000-8000-000000000001"
    assert security_admin.get(f"{LIST}{unknown}/").status_code == 404
    assert security_admin.get(f"{LIST}end/{unknown}/").status_code == 404
