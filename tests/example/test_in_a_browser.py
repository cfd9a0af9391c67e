"""A day with the example in a real browser: nothing blocked, nothing too wide."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.example.demonstration import Demonstration
from tests.example.test_permits import application
from tests.example.visitor import PASSWORD
from tests.services.browser import require_fits

pytestmark = pytest.mark.browser


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """Return what the browser blocked or could not run; must be empty at the end."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A page whose status is an error is no complaint of the browser's.
        if message.type == "error" and "status of 4" not in message.text:
            found.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


def log_in(page: Page, address: str, username: str) -> None:
    """Type the name, tab on, type the password, press Enter."""
    page.goto(f"{address}/accounts/login/")
    page.locator("[name=username]").fill(username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/accounts/last-login/"))


@pytest.mark.clause("A3.2.12", "A5.1", "A6.3")
def test_from_login_to_logout(
    page: Page, complaints: list[str], served: tuple[Demonstration, str]
) -> None:
    """Login, notice, search, one application, logout: by keyboard where it matters."""
    address = served[1]
    page.goto(address)
    require_fits(page)
    log_in(page, address, "zhang")
    require_fits(page)

    page.locator(".jtsec-onward a").click()
    expect(page.locator("h1")).to_contain_text("张立新")
    require_fits(page)

    page.locator(".jtsec-nav a", has_text="通行证查询").click()
    expect(page.locator("tbody tr")).to_have_count(20)
    require_fits(page)
    plate = page.locator("tbody tr").nth(3).locator("td").nth(1).inner_text()
    page.locator("[name=plate]").fill(plate)
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody a").click()
    expect(page.locator("main")).to_contain_text(plate)
    require_fits(page)

    page.locator(".jtsec-nav a", has_text="通行证申请").click()
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator(".jtsec-errors")).to_have_count(11)
    require_fits(page)
    for name, value in {
        "plate": "沪AD12345",
        "vin": "1M8GDM9AXKP042788",
        "licence_class": "c1、d",
        "owner_name": "司马青衫",
        "owner_id_number": "310000197506180083",
        "owner_phone": "15400001111",
        "route": "学府路（科技园至师范学院）",
        "valid_from": "2026-05-01",
        "valid_until": "2026-05-03",
        "purpose": "会展中心布展",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=vehicle_kind]").select_option("52")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator(".jtsec-alert-good")).to_contain_text("申请已提交")
    expect(page.locator("main")).to_contain_text("待审批")
    page.get_by_role("link", name="查看完整号码").click()
    expect(page.locator("main")).to_contain_text("310000197506180083")
    require_fits(page)

    page.locator(".jtsec-own button").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.go_back()
    expect(page.locator("main")).not_to_contain_text("310000197506180083")


@pytest.mark.clause("A4.4", "P45")
def test_a_draft_is_filed_and_approved_by_somebody_else(
    page: Page, complaints: list[str], served: tuple[Demonstration, str]
) -> None:
    """Wang drafts and files, li approves; then zhang's form of a correction."""
    address = served[1]
    log_in(page, address, "wang")
    page.goto(f"{address}/permits/new/")
    for name, value in application(vehicle_kind="02").items():
        if name not in ("vehicle_kind", "sensitivity"):
            page.locator(f"[name={name}]").fill(value)
    page.locator("[name=vehicle_kind]").select_option("02")
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_role("link", name="修改并提交").click()
    expect(page.locator("h1")).to_contain_text("修改申请")
    require_fits(page)
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator(".jtsec-alert-good")).to_contain_text("申请已提交")
    number = page.url.rstrip("/").rpartition("/")[2]

    page.locator(".jtsec-own button").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    log_in(page, address, "li")
    page.goto(f"{address}/accounts/approvals/waiting/")
    require_fits(page)
    page.locator("main a", has_text=number).click()
    expect(page.locator("h1")).to_contain_text("临时通行证申请")
    require_fits(page)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="批准").click()
    expect(page).to_have_url(re.compile("done=1"))
    page.goto(f"{address}/permits/{number}/")
    expect(page.locator("main")).to_contain_text("已批准")

    page.locator(".jtsec-own button").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    log_in(page, address, "zhang")
    page.goto(f"{address}/permits/?page=2")
    page.locator("tbody a").last.click()
    page.get_by_role("link", name="申请更正").click()
    expect(page.locator("h1")).to_contain_text("更正通行证")
    require_fits(page)


@pytest.mark.clause("A4.3")
@pytest.mark.parametrize("username", ["sysadmin", "secadmin", "auditor"])
def test_the_home_of_an_administrator_fits(
    page: Page,
    complaints: list[str],
    served: tuple[Demonstration, str],
    username: str,
) -> None:
    """Commands and all; the business page that is refused fits too."""
    log_in(page, served[1], username)
    page.goto(served[1])
    expect(page.locator("main")).to_contain_text("没有业务权限")
    require_fits(page)
    page.goto(f"{served[1]}/permits/")
    require_fits(page)


@pytest.mark.clause("A3.2.11")
def test_a_replaced_session_is_told_so(
    page: Page, complaints: list[str], served: tuple[Demonstration, str]
) -> None:
    """The first browser's next page is the login page with the reason."""
    log_in(page, served[1], "li")
    assert page.context.browser is not None
    elsewhere = page.context.browser.new_context()
    try:
        log_in(elsewhere.new_page(), served[1], "li")
        page.goto(served[1])
        expect(page.locator(".jtsec-alert-warn")).to_be_visible()
        require_fits(page)
    finally:
        elsewhere.close()


@pytest.mark.clause("A4.11", "A5.1")
def test_a_person_is_looked_up_and_a_query_is_exported(
    page: Page, complaints: list[str], served: tuple[Demonstration, str]
) -> None:
    """Each says beforehand what will be recorded; the file comes as a download."""
    log_in(page, served[1], "zhang")
    page.goto(f"{served[1]}/permits/")
    number = page.locator("tbody tr td").nth(1).inner_text()
    page.get_by_role("link", name="人员核查").click()
    expect(page.locator("main")).to_contain_text("都会记入审计")
    require_fits(page)
    page.locator("[name=owner_id_number]").fill("1")
    page.keyboard.press("Enter")
    expect(page.locator("#id_owner_id_number_error")).to_be_visible()
    expect(page.locator("#id_reason_error")).to_be_visible()
    require_fits(page)
    page.goto(f"{served[1]}/permits/")
    page.locator("[name=plate]").fill(number)
    page.get_by_role("button", name="导出").click()
    expect(page.locator("main")).to_contain_text(f"号牌号码 {number}")
    require_fits(page)
    page.locator("[name=reason]").fill("核对")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 xlsx").click()
    assert download.value.suggested_filename.endswith(".xlsx")
