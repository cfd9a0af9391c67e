"""The pages of approvals in a real browser, under their content security policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from jtsec.approvals import api
from jtsec.approvals.kinds import Step
from jtsec.core.clock import now
from tests.authentication.persons import PASSWORD, loaded
from tests.plainapp.models import Driver
from tests.services.browser import require_fits

from . import desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
STEPS = (Step(desk.CHECK, "科长审核"), Step(desk.APPROVE, "支队领导审批"))


@pytest.fixture
def server(cheap_passwords: None, settings: Any, live_server: Any) -> Iterator[str]:
    """Return the address of a server with applications of two steps."""
    settings.SESSION_COOKIE_SECURE = False
    settings.CSRF_COOKIE_SECURE = False
    known = desk.kind(steps=STEPS, form_title="业务数据更正审批表", name="业务数据更正")
    with desk.known(known):
        zhang = desk.somebody("zhang", desk.FILE, name="张三")
        desk.somebody("li", desk.CHECK, name="李明华")
        desk.somebody("head", desk.APPROVE, name="赵建国")
        wang = desk.somebody("wang", desk.FILE, name="王小红")
        desk.file(zhang, desk.driver("张三"), "张山")
        desk.file(wang, desk.driver("李四"), "李斯")
        desk.file(wang, desk.driver("赵武"), "赵五")
        yield str(live_server.url)


def enter(page: Page, server: str, username: str) -> None:
    """Log somebody in."""
    page.context.clear_cookies()
    page.goto(f"{server}/accounts/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/accounts/last-login/")


@pytest.mark.clause("A4.4", "P45")
def test_an_application_goes_its_way_in_a_browser(server: str, page: Page) -> None:
    """Filed, checked, approved, done; no complaint, nothing too wide."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.set_viewport_size({"width": 1280, "height": 720})
    enter(page, server, "zhang")
    page.click("nav a[href='/accounts/approvals/']")
    require_fits(page)
    page.click("table a")
    require_fits(page)
    assert page.locator("button[value=approve]").count() == 0
    assert page.locator("button[value=withdraw]").count() == 1

    enter(page, server, "li")
    page.goto(f"{server}/accounts/approvals/waiting/")
    assert page.locator("tbody tr").count() == 3
    require_fits(page)
    page.click("table a >> nth=0")
    require_fits(page)
    page.fill("textarea[name=note]", "与档案核对一致")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[value=approve]")
    page.wait_for_url("**?done=1")
    require_fits(page)
    page.goto(f"{server}/accounts/approvals/waiting/")
    for box in page.locator("input[name=chosen]").all():
        box.check()
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector(".jtsec-approval-results")
    require_fits(page)
    page.goto(f"{server}/accounts/approvals/delegations/")
    require_fits(page)
    page.fill("input[name=to]", "head")
    page.check("input[name=kinds]")
    page.fill("input[name=until]", str((now() + timedelta(days=3)).date()))
    page.fill("input[name=reason]", "出差")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**?done=1")
    page.click("tbody a")
    require_fits(page)
    page.fill("input[name=reason]", "回岗")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**?done=1")

    enter(page, server, "head")
    page.goto(f"{server}/accounts/approvals/waiting/")
    page.click("table a >> nth=0")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[value=approve]")
    page.wait_for_url("**?done=1")
    require_fits(page)
    assert Driver.objects.filter(name="张山").exists()
    assert [one.state for one in api.mine(loaded("zhang"))] == ["executed"]
    assert not complaints
