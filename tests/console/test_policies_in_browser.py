"""The pages of the policies in a real browser, under their content security policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from benchmarks import history_writing
from jtsec.audit.policies.api import forget
from jtsec.audit.policies.models import AuditPolicy
from jtsec.audit.rules import trial
from jtsec.identity.models import Organization
from tests.audit.rules.events import MONDAY, row_of
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD, registered
from tests.services.browser import require_fits

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

LIST = "/console/audit/policies/"


@pytest.fixture
def server(
    cheap_passwords: None,  # noqa: F811 - a fixture
    settings: Any,
    live_server: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """Return the address of a server with an auditor and a busy Monday."""
    settings.SESSION_COOKIE_SECURE = False
    settings.CSRF_COOKIE_SECURE = False
    monkeypatch.setattr(trial, "now", lambda: MONDAY.replace(hour=20))
    registered("auditor", 11, duty="audit")
    history_writing.write(row_of(80, 0.5))
    forget()
    yield str(live_server.url)
    forget()


def logged_in(page: Page, server: str) -> list[str]:
    """Log the auditor in, and return what the browser complains of from then on."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{server}/accounts/login/")
    page.fill("[name=username]", "auditor")
    page.fill("[name=password]", PASSWORD)
    page.click("form button[type=submit]")
    page.wait_for_url("**/last-login/")
    return complaints


@pytest.mark.clause("A5.3", "P43")
def test_a_policy_is_tried_set_and_retired_by_hand(page: Page, server: str) -> None:
    """From the list to the dry run, to a policy, and back; nothing is refused."""
    complaints = logged_in(page, server)
    page.goto(f"{server}{LIST}")
    require_fits(page)
    page.click("a[href$='rules/high-frequency/']")
    page.select_option("[name=scope]", "everyone")
    page.fill("[name=days]", "3")
    page.click(".jtsec-console-page form button[type=submit]")
    assert page.locator("svg").count() == 1
    require_fits(page)
    page.goto(f"{server}{LIST}new/rule/out-of-hours/")
    page.select_option("[name=scope]", "organisation")
    place = Organization.objects.get()
    page.select_option("[name=organisation]", place.code)
    page.check("[name=t-weekdays][value='7']")
    page.fill("[name=reason]", "指挥中心轮班")
    page.fill("[name=password]", PASSWORD)
    page.click(".jtsec-console-page form button[type=submit]")
    page.wait_for_url(f"**{LIST}")
    assert AuditPolicy.objects.get().thresholds == {"weekdays": [7]}
    page.click(f"a[href='{LIST}{AuditPolicy.objects.get().pk}/']")
    page.fill("[name=reason]", "调整")
    page.fill("[name=password]", PASSWORD)
    page.click("button[value=retire]")
    page.wait_for_url(f"**{LIST}")
    assert AuditPolicy.objects.get().retired_at
    assert complaints == []
