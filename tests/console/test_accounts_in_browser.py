"""A system administrator's day in a real browser, with scripts and without."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from jtsec.access.api import create_role
from jtsec.accounts.quarters import this_quarter
from jtsec.authentication.api import define_place, set_restrictions
from jtsec.core.context import acting_as, system_actor
from jtsec.identity.api import create_organisation
from jtsec.identity.models import Identity, Organization
from tests.accounts.people import NORTH, unused_for
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD, loaded, registered
from tests.identity import people
from tests.services.browser import require_fits

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

SYSTEM = "/console/system/"
SHOTS = os.environ.get("JTSEC_TEST_SHOTS", "")


@pytest.fixture
def server(
    cheap_passwords: None,  # noqa: F811 - a fixture
    settings: Any,
    live_server: Any,
) -> Iterator[str]:
    """Return the address of a server with a few people and organisations."""
    settings.SESSION_COOKIE_SECURE = False
    settings.CSRF_COOKIE_SECURE = False
    registered("sysadmin", 13, duty="system", name="赵系统", is_police=False,
               number="E-0013")  # fmt: skip
    registered("secadmin", 12, duty="security", name="钱安全")
    registered("auditor", 11, duty="audit", name="孙审计")
    registered("zhang", 21)
    registered("wangxiaoming", 22, name="王小明", is_police=False, number="E-0022")
    with acting_as(system_actor("clerk")):
        top = people.organisation()
        create_organisation(code=NORTH, name="北京市公安局交通管理局北区大队车辆管理所",
                            parent=top)  # fmt: skip
        create_role("window", name="窗口受理岗", duty="business", reason="岗位")
        define_place("一号窗口", ["10.1.2.0/24"], reason="新窗口")
        set_restrictions(
            loaded("zhang"), reason="窗口岗位", networks=["10.1.0.0/16"],
            places=["一号窗口"], weekdays=["workdays"], hours=["08:00-18:00"],
        )  # fmt: skip
    unused_for("wangxiaoming", 400)
    yield str(live_server.url)


def logged_in(page: Page, server: str, complaints: list[str]) -> None:
    """Log the administrator in, and note what the browser complains of."""
    page.on("console", lambda said: complaints.append(said.text))
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{server}/accounts/login/")
    page.fill("[name=username]", "sysadmin")
    page.fill("[name=password]", PASSWORD)
    page.click("form button[type=submit]")
    page.wait_for_url("**/last-login/")


def look(page: Page, name: str) -> None:
    """See that a page is no wider than the screen; keep a picture if one is asked."""
    require_fits(page)
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def press(page: Page) -> None:
    """Press the button of the form of the page."""
    page.click(".jtsec-console-page form[method=post] button[type=submit]")


@pytest.mark.clause("A3.1.4", "P32", "P54.3")
def test_the_pages_work_under_their_security_policy(page: Page, server: str) -> None:
    """Every page, at 1280 by 720; nothing is blocked, nothing is too wide."""
    complaints: list[str] = []
    logged_in(page, server, complaints)
    uid = Identity.objects.get(login_name="zhang").uid
    other = Identity.objects.get(login_name="secadmin").uid
    pages = {
        "organisations": "organisations/", "organisation-new": "organisations/new/",
        "organisation": f"organisations/{NORTH}/",
        "organisation-close": f"organisations/{NORTH}/close/", "users": "users/",
        "user": f"users/{uid}/", "user-new": "users/new/",
        "user-change": f"users/{uid}/change/", "user-close": f"users/{uid}/close/",
        "user-validity": f"users/{uid}/validity/", "user-role": f"users/{uid}/role/",
        "user-activate": f"users/{uid}/activate/",
        "user-password": f"users/{uid}/password/", "restrictions": "restrictions/",
        "restrictions-of": f"restrictions/{uid}/", "reviews": "review/",
        "review-unused": "review/unused/", "user-duty": f"users/{uid}/duty/",
        "user-administrator-password": f"users/{other}/password/",
        "overview": "", "parameters": "parameters/", "keys": "keys/",
        "users-import": "users/import/",
        "tasks": "tasks/", "task-run": "tasks/seal/run/",
        "parameters-none": "parameters/?text=nothing-such",
    }  # fmt: skip
    for name, address in pages.items():
        answer = page.goto(f"{server}{SYSTEM}{address}")
        assert answer is not None
        assert answer.status == 200, name
        look(page, name)
    page.goto(f"{server}{SYSTEM}users/new/")
    page.fill("[name=username]", "li")
    page.eval_on_selector("form.jtsec-card", "form => form.noValidate = true")
    press(page)
    look(page, "user-new-wrong")
    page.goto(f"{server}{SYSTEM}users/{uid}/password/")
    page.fill("[name=reason]", "遗忘口令，本人到场核实")
    page.fill("[name=password]", PASSWORD)
    press(page)
    assert len(page.inner_text(".jtsec-accounts-password code")) == 16
    look(page, "user-password-told")
    assert [one for one in complaints if "400" not in one] == []


@pytest.mark.clause("P32")
def test_a_review_works_without_scripts(chromium: Browser, server: str) -> None:
    """Opened, answered and read with JavaScript switched off."""
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    try:
        logged_in(page, server, complaints)
        page.goto(f"{server}{SYSTEM}review/")
        page.fill("[name=reason]", "第四季度账户清理")
        press(page)
        page.wait_for_url(f"**/review/{this_quarter()}/")
        page.check("[name=account][aria-label*='zhang']")
        page.click("button[value=confirm]")
        page.check("[name=account][aria-label*='wangxiaoming']")
        page.fill("[name=reason]", "已调离")
        page.click("button[value=strike]")
        assert page.locator(".jtsec-mark-good").count() == 1
        assert page.locator(".jtsec-mark-bad").count() == 1
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / "review.png"), full_page=True)
        page.goto(f"{server}{SYSTEM}organisations/new/")
        page.fill("[name=code]", "110200000000")
        page.fill("[name=name]", "南区大队")
        page.fill("[name=reason]", "新设大队")
        page.fill("[name=password]", PASSWORD)
        press(page)
        assert Organization.objects.filter(code="110200000000").exists()
    finally:
        context.close()
