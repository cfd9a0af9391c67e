"""The page that looks for conflicts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from django.test import Client

from jtsec.access.api import Function, assign, create_role
from jtsec.core.context import acting_as, system_actor
from tests.access.declared import declared
from tests.authentication.persons import by_sql, loaded, registered
from tests.console.conftest import refused

pytestmark = pytest.mark.django_db

PAGE = "/console/security/conflicts/"


@pytest.fixture(autouse=True)
def functions() -> Iterator[None]:
    """Declare a function."""
    with declared(Function("shop.query_permit", "查询通行证")):
        yield


def given(username: str) -> None:
    """Give somebody a role."""
    with acting_as(system_actor("a-test")):
        role = create_role(
            "clerk", name="经办岗", duty="business", rights=["shop.query_permit"],
            reason="测试",
        )  # fmt: skip
        assign(loaded(username).jtsec_identity, role, reason="测试")


@pytest.mark.clause("A4.4", "A4.7")
def test_conflicts_are_looked_for_on_demand(security_admin: Client) -> None:
    """Opening the page looks for nothing; what is found leads to where it is mended."""
    registered("zhang", 22, name="张大山")
    given("zhang")
    assert "jtsec-alert" not in security_admin.get(PAGE).content.decode()
    clean = security_admin.get(f"{PAGE}?look=1").content.decode()
    assert "jtsec-alert-good" in clean
    with declared(
        Function("shop.query_permit", "查询通行证", duty="system"),
    ):
        found = security_admin.get(f"{PAGE}?look=1").content.decode()
    assert "jtsec-alert-bad" in found
    assert "张大山" in found
    uid = loaded("zhang").jtsec_identity.uid
    assert f"/console/security/grants/{uid}/" in found
    assert "/console/security/roles/of/clerk/" in found


@pytest.mark.clause("A4.2")
def test_what_was_altered_by_sql_is_found(security_admin: Client) -> None:
    """A role changed past the application stands in the list."""
    registered("zhang", 22)
    given("zhang")
    by_sql("jtsec_role", "name", "超级岗", code="clerk")
    found = security_admin.get(f"{PAGE}?look=1").content.decode()
    assert "role:clerk" in found


@pytest.mark.clause("A4.4")
def test_no_other_duty_looks_for_conflicts(not_security: Client) -> None:
    """Each attempt leaves an event."""
    assert not_security.get(f"{PAGE}?look=1").status_code == 403
    assert refused() == ("wrong-duty", PAGE)
