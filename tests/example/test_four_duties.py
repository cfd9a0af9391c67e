"""
A day of the four duties, each in a browser without scripts, from one page to the next.

The system administrator registers somebody, the security administrator grants, the new
user is made to change the password and applies, li approves; five wrong passwords lock,
the lock is lifted, a session is ended; the auditor finds all of it, takes it out as a
workbook and verifies the log.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
)

from tests.example.demonstration import Demonstration
from tests.example.test_permits import application
from tests.example.visitor import PASSWORD
from tests.identity.people import resident_id
from tests.services.browser import require_fits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOTS = os.environ.get("JTSEC_TEST_SHOTS", "")
NEW = "Sunny#Harbour88"
NAME = "liuyang"
OFFICE = "110000000101"
BUTTON = ".jtsec-console-page form[method=post] button[type=submit]"
PERSON = {
    **{"username": NAME, "name": "刘洋", "resident_id": resident_id(777)},
    **{"is_police": "yes", "number": "010077", "organisation": OFFICE},
    **{"duty": "business", "reason": "窗口新进人员"},
}
EVENTS = (
    *("identity:person:registered", "access:role:assigned"),
    *("authentication:password:changed", "approvals:request:submitted"),
    *("permits:permit:approved", "authentication:user:locked"),
    *("authentication:block:lifted", "sessions:session:ended-by-administrator"),
)
"""What of that day an auditor must be able to find."""


class Desk:
    """One person's browser: JavaScript off, a screen of 1280 by 720."""

    def __init__(self, context: BrowserContext, address: str, username: str) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self.username = username
        self.blocked: list[str] = []
        self.page.on("console", self.note)

    def note(self, said: ConsoleMessage) -> None:
        """Keep what the browser complains of; a refusal's status is no complaint."""
        if said.type in ("error", "warning") and "status of 4" not in said.text:
            self.blocked.append(said.text)

    def log_in(self, password: str = PASSWORD) -> None:
        """Send the login form."""
        self.page.goto(f"{self.address}/accounts/login/")
        self.fill({"username": self.username, "password": password})
        self.page.locator("main button[type=submit]").click()

    def open(self, path: str) -> None:
        """Open a page, which must fit; keep a picture where one is wanted."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, path
        require_fits(self.page)
        if SHOTS:
            name = re.sub(r"\W+", "-", f"{self.username}{path}")[:80]
            self.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))

    def fill(self, form: Mapping[str, str]) -> None:
        """Fill a form in, lists too."""
        for name, value in form.items():
            field = self.page.locator(f"main [name={name}]")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def press(self, button: str = BUTTON) -> None:
        """Press a button; what is done is said in green, or the page is another."""
        self.page.locator(button).first.click()


@pytest.fixture
def desks(
    chromium: Browser, served: tuple[Demonstration, str]
) -> Iterator[dict[str, Desk]]:
    """Return a browser for each of the five people of the day."""
    with ExitStack() as stack:
        found = {}
        for username in ("sysadmin", "secadmin", "auditor", "li", NAME):
            context = chromium.new_context(
                java_script_enabled=False,
                locale="zh-CN",
                viewport={"width": 1280, "height": 720},
                accept_downloads=True,
            )
            stack.callback(context.close)
            found[username] = Desk(context, served[1], username)
        for username in ("sysadmin", "secadmin", "auditor", "li"):
            found[username].log_in()
            expect(found[username].page).to_have_url(re.compile("/last-login/"))
        yield found


@pytest.mark.clause("A3.1.4", "A3.2.7", "A4.4", "A5.8", "A5.10", "A9.1")
def test_the_four_duties_work_through_a_day(desks: dict[str, Desk]) -> None:
    """Each does their part in their own pages; what they did is all in the log."""
    uid = register(desks["sysadmin"], desks["secadmin"])
    grant(desks["sysadmin"], desks["secadmin"], uid)
    first = reset_password(desks["sysadmin"], uid)
    enter_for_the_first_time(desks[NAME], first)
    number = apply(desks[NAME])
    approve(desks["li"], number)
    lock_and_lift(desks[NAME], desks["secadmin"])
    end_session(desks["secadmin"], desks[NAME])
    find_it_all(desks["auditor"])
    take_out_and_verify(desks["auditor"])
    assert [one for desk in desks.values() for one in desk.blocked] == []


def register(system: Desk, security: Desk) -> str:
    """Register somebody; the security administrator reviews it. Return the UID."""
    system.open("/console/system/users/new/")
    system.fill(PERSON | {"password": PASSWORD})
    system.press()
    expect(system.page.locator(".jtsec-alert-good")).to_be_visible()
    decide(security, NAME)
    system.open(f"/console/system/users/?text={NAME}")
    system.page.locator("tbody a").first.click()
    found = re.search(r"/users/([0-9a-f-]{36})/", system.page.url)
    assert found is not None
    return found[1]


def decide(checker: Desk, subject: str) -> None:
    """Approve what waits for somebody."""
    checker.open("/accounts/approvals/waiting/")
    checker.page.locator("main a", has_text=subject).first.click()
    checker.fill({"password": PASSWORD})
    checker.press("main button[value=approve]")
    expect(checker.page).to_have_url(re.compile("done=1"))


def grant(system: Desk, security: Desk, uid: str) -> None:
    """Apply for the role of a clerk; the security administrator grants it."""
    system.open(f"/console/system/users/{uid}/role/")
    role = {"role": "permit-clerk", "organisation": OFFICE, "reason": "窗口受理岗位"}
    system.fill(role | {"password": PASSWORD})
    system.press()
    expect(system.page.locator(".jtsec-alert-good")).to_be_visible()
    decide(security, PERSON["name"])
    security.open(f"/console/security/grants/{uid}/")
    expect(security.page.locator("tbody")).to_contain_text("通行证受理员")


def reset_password(system: Desk, uid: str) -> str:
    """Give the new user a password for one login; return it."""
    system.open(f"/console/system/users/{uid}/password/")
    system.fill({"reason": "新用户初始口令", "password": PASSWORD})
    expect(system.page.locator(".jtsec-recorded")).to_contain_text("周明远")
    system.press()
    return system.page.locator(".jtsec-accounts-password code").inner_text()


def enter_for_the_first_time(user: Desk, first: str) -> None:
    """Be led to the change of the password, and to nothing else before it."""
    user.log_in(first)
    expect(user.page).to_have_url(re.compile("/accounts/password/"))
    user.open("/permits/")
    expect(user.page).to_have_url(re.compile("/accounts/password/"))
    change = {"old_password": first, "new_password": NEW, "new_password_again": NEW}
    user.fill(change)
    user.press("main button[type=submit]")
    expect(user.page).to_have_url(re.compile("/last-login/"))
    for own in ("profile", "logins", "sessions", "approvals"):
        user.open(f"/accounts/{own}/")


def apply(user: Desk) -> str:
    """File an application; return its number."""
    user.open("/permits/new/")
    known = application()
    shown = [name for name in known if user.page.locator(f"[name={name}]").count()]
    user.fill({name: known[name] for name in shown})
    user.page.get_by_role("button", name="提交申请").click()
    expect(user.page.locator(".jtsec-alert-good")).to_be_visible()
    return user.page.url.rstrip("/").rpartition("/")[2]


def approve(checker: Desk, number: str) -> None:
    """Let li approve it, who did not file it."""
    decide(checker, number)
    checker.open(f"/permits/{number}/")
    expect(checker.page.locator("main")).to_contain_text("已批准")


def lock_and_lift(user: Desk, security: Desk) -> None:
    """Guess five times, be locked out, and be let in again."""
    user.page.locator(".jtsec-own button").click()
    for number in range(5):
        user.log_in(f"Wrong@Guess{number}")
    user.log_in(NEW)
    expect(user.page).to_have_url(re.compile("/accounts/login/"))
    security.open("/console/security/")
    security.open(f"/console/security/locks/?subject={NAME}")
    security.page.locator("tbody a").first.click()
    security.fill({"reason": "本人电话核实", "password": PASSWORD})
    security.press()
    expect(security.page.locator(".jtsec-alert-good")).to_be_visible()
    user.log_in(NEW)
    expect(user.page).to_have_url(re.compile("/last-login/"))


def end_session(security: Desk, user: Desk) -> None:
    """End the new user's session; the next page says so."""
    security.open(f"/console/security/sessions/?user={NAME}")
    security.page.locator("tbody a").first.click()
    security.fill({"reason": "离岗未退出", "password": PASSWORD})
    security.press()
    expect(security.page.locator(".jtsec-alert-good")).to_be_visible()
    user.page.goto(f"{user.address}/permits/")
    expect(user.page.locator(".jtsec-alert-warn")).to_be_visible()


def find_it_all(auditor: Desk) -> None:
    """Find every step in the query of the log."""
    auditor.open("/console/audit/")
    for code in EVENTS:
        auditor.open(f"/console/audit/records/?period=day&code={code}")
        assert auditor.page.locator("tbody tr").count() >= 1, code
    auditor.open(f"/console/audit/logins/?subject={NAME}")
    auditor.open("/console/audit/security/")


def take_out_and_verify(auditor: Desk) -> None:
    """Take the day out as a workbook, and verify the log."""
    auditor.open("/console/audit/records/export/?period=day")
    with auditor.page.expect_download() as download:
        auditor.page.locator(
            ".jtsec-actions a", has_text=re.compile("xlsx", re.I)
        ).click()
    assert download.value.suggested_filename.endswith(".xlsx")
    auditor.open("/console/audit/integrity/")
    auditor.press("main form button")
    expect(auditor.page.locator(".jtsec-card .jtsec-mark-good").first).to_be_visible()
