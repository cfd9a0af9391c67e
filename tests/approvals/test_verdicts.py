"""One applies, another approves, and only then it is done."""

from __future__ import annotations

import pytest

from jtsec.approvals import api
from jtsec.approvals.models import State
from tests.authentication.recorded import codes

from . import desk

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("cheap_passwords"),
]


@pytest.mark.clause("A4.4")
def test_what_one_applies_for_is_done_when_another_approves() -> None:
    """And not before; both are recorded with what was and what is."""
    zhang, li = desk.somebody("zhang", desk.FILE), desk.somebody("li", desk.CHECK)
    driver = desk.driver()
    row = desk.file(zhang, driver)
    assert row.state == State.PENDING
    driver.refresh_from_db()
    assert driver.name == "张三"
    with desk.as_user(li):
        done = api.approve(row.id, revision=row.revision, note="属实")
    driver.refresh_from_db()
    assert driver.name == "张山"
    assert done.state == State.EXECUTED
    assert [code for code in codes() if code.startswith("approvals")] == [
        "approvals:request:submitted",
        "approvals:request:approved",
        "approvals:request:executed",
    ]
    assert [step.kind for step in api.history(done)] == [
        "submitted",
        "approved",
        "executed",
    ]
