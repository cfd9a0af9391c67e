"""The page of the applications for roles, and what is applied for at the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from django.test import Client

from jtsec.access.api import Function, create_role, decide
from jtsec.access.models import Assignment, Role
from jtsec.approvals.api import apply_for_assignment, approve
from jtsec.approvals.models import ApprovalRequest
from jtsec.audit.models import AuditRecord
from jtsec.authentication.api import list_blocks
from jtsec.core.context import acting_as, system_actor
from jtsec.identity.api import actor_of
from tests.access.declared import declared
from tests.authentication.persons import loaded, registered
from tests.console.conftest import refused
from tests.console.test_access_locks import blocked

pytestmark = pytest.mark.django_db

LIST = "/console/security/requests/"


@pytest.fixture(autouse=True)
def under_approval(settings: Any) -> Iterator[None]:
    """Put what the pages do under approval."""
    settings.JTSEC_APPROVALS_ACTS = (
        "access.assign", "access.change-role", "authentication.unlock",
    )  # fmt: skip
    with declared(
        Function("shop.query_permit", "查询通行证"),
        Function("shop.query_owner", "查询所有人", police_only=True),
    ):
        yield


def made(code: str, *rights: str) -> Role:
    """Return a role of business."""
    with acting_as(system_actor("a-test")):
        return create_role(
            code, name="经办岗", duty="business", rights=rights, reason="测试"
        )


def applied_by(username: str, for_whom: str, role: str) -> ApprovalRequest:
    """Apply for a role as somebody."""
    with acting_as(actor_of(loaded(username))):
        return apply_for_assignment(
            loaded(for_whom).jtsec_identity, role, reason="新调入"
        )


@pytest.mark.clause("A4.4", "A4.7")
def test_what_waits_is_listed_with_the_conflict_check(security_admin: Client) -> None:
    """What stands against it is said before anybody decides; one's own is not there."""
    registered("sysadmin", 21, duty="system")
    registered("zhang", 22, name="张大山")
    registered("wang", 23, name="王小川", is_police=False)
    made("clerk", "shop.query_permit", "shop.query_owner")
    assert "jtsec-nothing" in security_admin.get(LIST).content.decode()
    applied_by("sysadmin", "zhang", "clerk")
    applied_by("sysadmin", "wang", "clerk")
    page = security_admin.get(LIST).content.decode()
    assert page.count("jtsec-mark-good") == 1
    assert page.count("jtsec-mark-bad") == 1
    assert "查询所有人" in page
    for text in ("张大山", "王小川", "新调入", "sysadmin"):
        assert text in page


@pytest.mark.clause("A4.4")
def test_giving_a_role_applies_for_it_and_another_approves(
    security_admin: Client,
) -> None:
    """Nothing is given until then; the applicant sees no button for their own."""
    registered("zhang", 22)
    registered("second", 23, duty="security")
    made("clerk", "shop.query_permit")
    page = f"/console/security/grants/{loaded('zhang').jtsec_identity.uid}/"
    form = {"role": "clerk", "organisation": "110000000000", "reason": "新调入"}
    answer = security_admin.post(page, form | {"with_below": "on"})
    assert answer.status_code == 302
    assert not Assignment.objects.exists()
    request = ApprovalRequest.objects.get()
    assert str(request.pk) in security_admin.get(page).content.decode()
    assert str(request.pk) not in security_admin.get(LIST).content.decode()
    assert security_admin.post(page, form | {"organisation": "1"}).status_code == 400
    with acting_as(actor_of(loaded("second"))):
        approve(request.pk, revision=request.revision, note="同意")
    assert decide(loaded("zhang"), "shop.query_permit")
    given = Assignment.objects.get()
    assert given.with_below is True


@pytest.mark.clause("A4.4")
def test_roles_and_locks_are_applied_for_where_they_stand_under_approval(
    security_admin: Client,
) -> None:
    """Neither is done at once by the button."""
    registered("zhang", 22)
    made("clerk", "shop.query_permit")
    lock = blocked("zhang")
    address = f"/console/security/locks/{lock.pk}/"
    assert security_admin.post(address, {"reason": "核实"}).status_code == 302
    assert list_blocks().count() == 1
    roles = "/console/security/roles/"
    form = {"name": "经办", "rights": ["shop.query_permit"], "reason": "新设"}
    made_new = security_admin.post(f"{roles}new/business/", form | {"code": "other"})
    assert made_new.status_code == 302
    ended = security_admin.post(f"{roles}of/clerk/end/", {"reason": "撤岗"})
    assert ended.status_code == 302
    assert [role.code for role in Role.objects.filter(ended_at=None)] == ["clerk"]
    kinds = ApprovalRequest.objects.order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == [
        "access.change-role", "access.change-role", "authentication.unlock",
    ]  # fmt: skip
    refusals = AuditRecord.objects.filter(reason="approval-required")
    assert not refusals.exists()


@pytest.mark.clause("A4.4")
def test_no_other_duty_sees_the_applications(not_security: Client) -> None:
    """Each attempt leaves an event."""
    assert not_security.get(LIST).status_code == 403
    assert refused() == ("wrong-duty", LIST)
