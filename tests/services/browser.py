"""A real Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.services.sharing import NotInstalled

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def program() -> str:
    """Return the path of the browser; `JTSEC_TEST_CHROMIUM` may name another."""
    named = os.environ.get("JTSEC_TEST_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise NotInstalled("chromium is not installed")
    return found


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Open Chromium without a window and close it at the end."""
    path = program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(browser: Browser) -> Iterator[Page]:
    """Open a page of somebody who was never here: no cookies, no cache."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 720},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def require_fits(page: Page) -> None:
    """Refuse a page that must be scrolled sideways, once it is all there."""
    page.wait_for_load_state()
    wide = page.locator("html").evaluate("html => html.scrollWidth - innerWidth")
    assert wide <= 0, page.url
