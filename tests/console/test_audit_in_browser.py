"""An auditor's day in a real browser: nothing blocked, nothing too wide, no script."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from jtsec.audit.sealing.api import seal_now
from jtsec.core.clock import now
from tests.audit.query.rows import add, row
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD, registered
from tests.services.browser import require_fits

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

PAGES = (
    "",
    "records/",
    "records/?period=month&resource=nothing.there",
    "records/?address=nonsense",
    "logins/",
    "security/",
    "statistics/",
    "statistics/?by=user",
    "statistics/?by=outcome",
    "integrity/",
    "records/export/",
)
LONG = "permits.permit:" + "7" * 200


@pytest.fixture
def server(
    db: None,
    cheap_passwords: None,  # noqa: F811 - a fixture
    settings: Any,
    live_server: Any,
) -> str:
    """Return the address of a server with an auditor and some sealed events."""
    settings.SESSION_COOKIE_SECURE = False
    settings.CSRF_COOKIE_SECURE = False
    registered("auditor", 31, duty="audit", name="吴" * 50)
    add(
        *(
            row(now(), resource=LONG, reason="r" * 200, subject="x" * 120)
            for _ in range(3)
        ),
        row(now(), sealed={"after": {"plate": "京A12345"}}, subject="sealed"),
    )
    seal_now()
    return f"{live_server.url}/console/audit/"


def enter(page: Page, server: str) -> None:
    """Log in."""
    page.goto(server)
    page.fill("[name=username]", "auditor")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/last-login/*")


@pytest.mark.clause("A5.10")
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_no_page_is_too_wide_or_blocked(
    server: str, page: Page, width: int, height: int
) -> None:
    """Long values, errors and empty lists too; the browser has no complaint."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.set_viewport_size({"width": width, "height": height})
    enter(page, server)
    for address in PAGES:
        page.goto(server + address)
        require_fits(page)
    page.goto(f"{server}records/?resource={LONG}")
    page.locator("tbody a").first.click()
    require_fits(page)
    assert [text for text in complaints if "status of 400" not in text] == []


@pytest.mark.clause("A5.8", "A5.10")
def test_an_auditor_works_without_scripts(server: str, chromium: Browser) -> None:
    """Search, open, read what is encrypted, verify, export: with JavaScript off."""
    context = chromium.new_context(java_script_enabled=False, accept_downloads=True)
    try:
        page = context.new_page()
        enter(page, server)
        page.goto(f"{server}records/")
        page.locator(".jtsec-filter-more summary").first.click()
        page.fill("#filter-subject", "sealed")
        page.keyboard.press("Enter")
        page.wait_for_url("**subject=sealed")
        assert page.locator("tbody tr").count() == 1
        page.locator("tbody a").click()
        assert page.locator(".jtsec-mark-good").count() == 2
        page.locator("main form button").click()
        assert "京A12345" in page.inner_text("main")
        page.goto(f"{server}integrity/")
        page.locator("main form button").first.click()
        assert page.locator(".jtsec-mark-good").count() == 1
        page.goto(f"{server}records/export/?period=week")
        with page.expect_download() as download:
            page.locator(".jtsec-actions a").first.click()
        assert download.value.suggested_filename.endswith(".csv")
    finally:
        context.close()
