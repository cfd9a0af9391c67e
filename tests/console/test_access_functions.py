"""The page of the functions there are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from django.test import Client

from jtsec.access.api import Function, create_role
from jtsec.core.context import acting_as, system_actor
from tests.access.declared import declared
from tests.console.conftest import refused

pytestmark = pytest.mark.django_db

LIST = "/console/security/functions/"


@pytest.fixture(autouse=True)
def functions() -> Iterator[None]:
    """Declare two functions."""
    with declared(
        Function("shop.query_owner", "查询所有人", police_only=True, critical=True),
        Function("shop.file_permit", "申请通行证", conflicts_with=["shop.approve"]),
    ):
        yield


@pytest.mark.clause("A4.1", "A4.3", "A4.7", "A4.11")
def test_every_function_is_listed_with_what_it_demands(security_admin: Client) -> None:
    """And with the roles that give it; those that no role gives stand out."""
    with acting_as(system_actor("a-test")):
        create_role(
            "clerk", name="经办岗", duty="business", rights=["shop.file_permit"],
            reason="测试",
        )  # fmt: skip
    page = security_admin.get(LIST).content.decode()
    for text in ("查询所有人", "shop.approve", "经办岗", "jtsec.view_auditrecord"):
        assert text in page
    ungiven = security_admin.get(f"{LIST}?ungiven=on&duty=business").content.decode()
    assert "查询所有人" in ungiven
    assert "申请通行证" not in ungiven
    found = security_admin.get(f"{LIST}?text=owner").content.decode()
    assert "申请通行证" not in found
    assert "查询所有人" in found
    nothing = security_admin.get(f"{LIST}?text=nothing-of-the-kind").content.decode()
    assert "jtsec-nothing" in nothing
    assert security_admin.get(f"{LIST}?duty=moon").status_code == 400


@pytest.mark.clause("A4.4")
def test_no_other_duty_reads_the_functions(not_security: Client) -> None:
    """Each attempt leaves an event."""
    assert not_security.get(LIST).status_code == 403
    assert refused() == ("wrong-duty", LIST)
