"""The pages of the roles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from django.test import Client

from jtsec.access.api import Function, assign, create_role, decide, role_of
from jtsec.access.models import Role
from jtsec.audit.models import AuditRecord
from jtsec.authentication.conf import authentication_settings
from jtsec.core.context import acting_as, system_actor
from tests.access.declared import declared
from tests.authentication.persons import loaded, registered
from tests.console.conftest import newest, refused

pytestmark = pytest.mark.django_db

LIST = "/console/security/roles/"
NEW = f"{LIST}new/business/"


@pytest.fixture(autouse=True)
def functions() -> Iterator[None]:
    """Declare what the roles of these tests may give."""
    with declared(
        Function("shop.query_permit", "查询通行证"),
        Function(
            "shop.file_permit", "申请通行证", conflicts_with=["shop.approve_permit"]
        ),
        Function("shop.approve_permit", "审批通行证"),
        Function("shop.query_owner", "查询所有人", police_only=True, critical=True),
        Function("shop.change_settings", "参数设置", duty="system"),
    ):
        yield


def made(code: str, *rights: str, **other: Any) -> Role:
    """Return a role of business."""
    with acting_as(system_actor("a-test")):
        return create_role(
            code,
            **{"name": "经办", "duty": "business", "reason": "测试", **other},
            rights=rights,
        )


def held_by(username: str, role: Role) -> None:
    """Give somebody a role."""
    with acting_as(system_actor("a-test")):
        assign(loaded(username).jtsec_identity, role, reason="测试")


def filled(**changed: Any) -> dict[str, Any]:
    """Return a form as it is filled in."""
    return {"name": "经办", "rights": ["shop.query_permit"], "reason": "新设"} | changed


def seal_in(page: str) -> str:
    """Return what the button below a preview sends back."""
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]


@pytest.mark.clause("A4.3", "A4.6")
def test_a_role_is_made_from_boxes(security_admin: Client) -> None:
    """Functions of the duty and no other are offered, each with what it demands."""
    page = security_admin.get(NEW).content.decode()
    assert "查询通行证" in page
    assert "shop.change_settings" not in page
    form = filled(
        code="clerk", networks="10.1.0.0/16，10.2.0.0/16", weekdays=["workdays", "6"],
        hours="08:00-18:00", password_days="60",
        rights=["shop.query_permit", "shop.file_permit"],
    )  # fmt: skip
    assert security_admin.post(NEW, form).status_code == 302
    role = role_of("clerk")
    assert role is not None
    assert role.rights == ["shop.file_permit", "shop.query_permit"]
    assert role.restrictions == {
        "networks": ["10.1.0.0/16", "10.2.0.0/16"], "weekdays": ["workdays", 6],
        "hours": ["08:00-18:00"], "password_days": 60,
    }  # fmt: skip
    assert (newest().code, newest().actor_username) == (
        "access:role:created", "secadmin",
    )  # fmt: skip
    assert "经办" in security_admin.get(LIST).content.decode()
    again = security_admin.get(f"{LIST}of/clerk/").content.decode()
    assert again.count(" checked") == 4
    assert "10.1.0.0/16 10.2.0.0/16" in again


def test_what_no_role_can_be_stands_beside_its_field(security_admin: Client) -> None:
    """And no role is made."""
    made("other")
    wrong: tuple[tuple[str, Any], ...] = (
        ("code", "Not A Code"), ("name", ""), ("reason", ""),
        ("rights", ["shop.fly_permit"]), ("rights", ["shop.change_settings"]),
        ("rights", ["shop.file_permit", "shop.approve_permit"]),
        ("networks", "everywhere"), ("hours", "late"), ("weekdays", ["8"]),
        ("password_days", "0"), ("valid_until", "soon"), ("parents", ["nobody"]),
    )  # fmt: skip
    for field, typed in wrong:
        answer = security_admin.post(NEW, filled(code="clerk") | {field: typed})
        assert answer.status_code == 400, (field, typed)
        assert f'id="id_{field}_error"' in answer.content.decode(), (field, typed)
    backwards = {"valid_from": "2030-01-02T00:00", "valid_until": "2030-01-01T00:00"}
    assert security_admin.post(NEW, filled(code="clerk") | backwards).status_code == 400
    assert role_of("clerk") is None


@pytest.mark.clause("A4.4", "A3.2.6")
def test_the_password_is_asked_once_and_only_below_the_preview(
    security_admin: Client,
) -> None:
    """A wrong one changes nothing and keeps what was typed; no preview is charged."""
    role = made("clerk", "shop.query_permit")
    page, wrong = f"{LIST}of/clerk/", {"password": "Falsch-Falsch-1!"}
    form = filled(name="经办二", rights=["shop.file_permit"]) | wrong
    assert 'name="password"' not in security_admin.get(page).content.decode()
    for _more in range(authentication_settings().user_limit + 1):
        told = security_admin.post(page, form | {"seen": "of another change"})
        assert told.status_code == 200
    again = security_admin.post(page, form | {"seen": seal_in(told.content.decode())})
    assert again.status_code == 400
    kept = again.content.decode()
    assert 'id="id_password_error"' in kept
    assert "经办二" in kept
    assert wrong["password"] not in kept
    assert Role.objects.get(code="clerk").rights == role.rights
    form["seen"] = seal_in(kept)
    del form["password"]
    assert security_admin.post(page, form).status_code == 302
    assert Role.objects.get(code="clerk").name == "经办二"


@pytest.mark.clause("A4.4", "A4.6")
def test_a_change_is_done_after_it_was_shown_and_not_before(
    security_admin: Client,
) -> None:
    """The first button tells whom it touches; what has changed since is told again."""
    registered("zhang", 21, name="张大山")
    role = made("clerk", "shop.query_permit", "shop.file_permit")
    held_by("zhang", role)
    page = f"{LIST}of/clerk/"
    form = filled(rights=["shop.query_permit", "shop.query_owner"])
    shown = security_admin.post(page, form)
    assert shown.status_code == 200
    told = shown.content.decode()
    assert "张大山" in told
    assert Role.objects.get(code="clerk").rights == role.rights
    other = filled(rights=["shop.query_owner"], seen=seal_in(told))
    told_again = security_admin.post(page, other)
    assert told_again.status_code == 200
    assert Role.objects.get(code="clerk").rights == role.rights
    done = security_admin.post(page, form | {"seen": seal_in(told)})
    assert done.status_code == 302
    assert role_of("clerk").rights == ["shop.query_owner", "shop.query_permit"]  # type: ignore[union-attr]  # it is there
    changed = AuditRecord.objects.get(code="access:role:changed")
    assert changed.actor_username == "secadmin"
    assert not decide(loaded("zhang"), "shop.file_permit")
    assert decide(loaded("zhang"), "shop.query_permit")


def test_without_the_comparison_a_change_would_be_done_unseen(
    security_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection taken away: the first button changes the role."""
    made("clerk", "shop.query_permit")
    form = filled(rights=["shop.query_owner"])
    assert security_admin.post(f"{LIST}of/clerk/", form).status_code == 200
    name = "jtsec.console.access_roles_views.seen_before"
    monkeypatch.setattr(name, lambda *ignored: True)
    assert security_admin.post(f"{LIST}of/clerk/", form).status_code == 302
    assert role_of("clerk").rights == ["shop.query_owner"]  # type: ignore[union-attr]  # it is there


@pytest.mark.clause("A4.4", "A4.7")
def test_a_change_that_would_break_an_assignment_is_refused(
    security_admin: Client,
) -> None:
    """The preview says so, and the button does not help."""
    registered("wang", 22, is_police=False)
    role = made("clerk", "shop.query_permit")
    held_by("wang", role)
    page = f"{LIST}of/clerk/"
    form = filled(rights=["shop.query_permit", "shop.query_owner"])
    told = security_admin.post(page, form).content.decode()
    assert "查询所有人" in told.split('id="preview"')[1].split("</section>")[0]
    refused = security_admin.post(page, form | {"seen": seal_in(told)})
    assert refused.status_code == 403
    assert 'role="alert"' in refused.content.decode()
    assert (newest().code, newest().reason) == (
        "access:policy:refused", "would-break-assignment",
    )  # fmt: skip
    assert role_of("clerk").rights == ["shop.query_permit"]  # type: ignore[union-attr]  # it is there


def test_a_cycle_of_roles_stands_beside_its_field(security_admin: Client) -> None:
    """Neither directly nor through another one."""
    made("base", "shop.query_permit")
    made("upper", parents=["base"])
    page = f"{LIST}of/base/"
    shown = security_admin.post(page, filled(parents=["upper"]))
    if shown.status_code == 200:
        seen = seal_in(shown.content.decode())
        shown = security_admin.post(page, filled(parents=["upper"], seen=seen))
    assert shown.status_code == 400
    assert 'id="id_parents_error"' in shown.content.decode()
    assert role_of("base").parents == []  # type: ignore[union-attr]  # it is there


@pytest.mark.clause("A4.6")
def test_a_role_is_ended_with_a_reason_and_taken_from_all(
    security_admin: Client,
) -> None:
    """The page says how many hold it; without a reason nothing happens."""
    registered("zhang", 21)
    held_by("zhang", made("clerk", "shop.query_permit"))
    page = f"{LIST}of/clerk/end/"
    assert security_admin.get(page).status_code == 200
    assert security_admin.post(page, {"reason": ""}).status_code == 400
    assert security_admin.post(page, {"reason": "撤岗"}).status_code == 302
    assert role_of("clerk") is None
    assert not decide(loaded("zhang"), "shop.query_permit")
    assert newest().code == "access:role:ended"
    assert security_admin.get(page).status_code == 404
    assert "经办" not in security_admin.get(LIST).content.decode()
    assert "经办" in security_admin.get(f"{LIST}?ended=on").content.decode()


@pytest.mark.clause("A4.2", "A4.4")
def test_no_other_duty_sees_or_changes_roles(not_security: Client) -> None:
    """Neither by the pages nor by sending their forms."""
    made("clerk", "shop.query_permit")
    pages = ("", "new/", "new/business/", "of/clerk/", "of/clerk/end/")
    for page in pages:
        assert not_security.get(f"{LIST}{page}").status_code == 403
    for page in pages[2:]:
        form = filled(code="other")
        assert not_security.post(f"{LIST}{page}", form).status_code == 403
    assert refused()[0] == "wrong-duty"
    assert Role.objects.filter(ended_at=None).count() == 1


def test_the_roles_are_searched_and_nonsense_is_harmless(
    security_admin: Client,
) -> None:
    """By duty and by name; a role or duty that is none is not found."""
    made("clerk", name="经办岗")
    for asked in ("text=cle", "text=经办", "duty=business"):
        assert "经办岗" in security_admin.get(f"{LIST}?{asked}").content.decode()
    for asked in ("text=chief", "duty=audit"):
        assert "经办岗" not in security_admin.get(f"{LIST}?{asked}").content.decode()
    assert security_admin.get(f"{LIST}?duty=moon").status_code == 400
    assert security_admin.get(f"{LIST}new/moon/").status_code == 404
    assert security_admin.get(f"{LIST}of/nobody/").status_code == 404
    assert security_admin.get(f"{LIST}new/?duty=moon").status_code == 400
    assert security_admin.get(f"{LIST}new/?duty=audit").status_code == 302
