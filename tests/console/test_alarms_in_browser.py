"""The pages of the alarms in a real browser, under their content security policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from jtsec.audit.alarms.after_responses import SENDING
from jtsec.audit.alarms.api import (
    Alarm,
    Incident,
    raise_alarm,
    write_incident,
)
from jtsec.audit.api import record
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.core.context import acting_as
from jtsec.core.source import Source
from tests.audit.alarms.people import CLERK, COLLEAGUE
from tests.audit.declared import PermitFailed
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD, registered
from tests.services.browser import require_fits

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def server(cheap_passwords: None, settings: Any, live_server: Any) -> Iterator[str]:  # noqa: F811 - a fixture
    """Return the address of a server with an auditor and alarms."""
    settings.SESSION_COOKIE_SECURE = False
    settings.CSRF_COOKIE_SECURE = False
    settings.JTSEC_AUDIT_ALARM_EMAIL_RECIPIENTS = ["duty@police.example"]
    registered("auditor", 11, duty="audit")
    registered("shen", 21, duty="audit")
    for number, rule in enumerate(
        ("audit:delivery:given-up", "tests:rule:often", "authentication:user:locked")
    ):
        for times in range(number + 1):
            raise_alarm(
                rule,
                severity=20 + 10 * number,
                key="x",
                subject="zhang",
                source="10.1.2.3",
                resource="permits.permit:" + "7" * 20 * number,
                at=now() - timedelta(minutes=times * 7),
            )
    yield str(live_server.url)
    SENDING.wait()


def alarm_with_everything() -> Alarm:
    """Raise an alarm with events, steps and an incident record."""
    for reason in ("打印机缺纸", "网络中断"):
        with acting_as(CLERK):
            record(PermitFailed(reason=reason), source=Source(address="10.1.2.3"))
    events = AuditRecord.objects.filter(code="tests:permit:failed")
    alarm = raise_alarm(
        "tests:permit:failed",
        severity=40,
        key="y",
        subject="zhang",
        events=[str(one.event_id) for one in events],
    )
    Alarm.objects.filter(pk=alarm.pk).update(due_at=now() - timedelta(minutes=1))
    with acting_as(COLLEAGUE):
        write_incident(
            alarm,
            Incident(
                found_by="值班员",
                classification="fault",
                cause="设备老化",
                measures="更换打印机\n恢复网络",
                impact="停办业务 20 分钟",
            ),
        )
    return alarm


@pytest.mark.clause("P61")
def test_an_alarm_is_handled_in_a_browser(server: str, page: Page) -> None:
    """List, alarm, steps, incident record, form: no complaint, nothing too wide."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    alarm = alarm_with_everything()
    page.goto(f"{server}/accounts/login/")
    page.fill("input[name=username]", "auditor")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/accounts/last-login/")
    page.goto(f"{server}/console/audit/alarms/")
    require_fits(page)
    page.click(f"a[href*='{alarm.number}']")
    require_fits(page)
    page.click("button[name=step]")
    page.wait_for_url("**?done=1")
    page.select_option("select[name=step]", "handled")
    page.fill("textarea[name=note]", "已更换打印机")
    page.click("form:has(textarea[name=note]) button")
    page.wait_for_url("**?done=1")
    require_fits(page)
    alarm.refresh_from_db()
    assert alarm.state == "handled"
    page.goto(f"{server}/console/audit/alarms/{alarm.number}/incident/")
    require_fits(page)
    page.goto(f"{server}/console/audit/alarms/{alarm.number}/form/")
    require_fits(page)
    page.emulate_media(media="print")
    assert page.locator(".jtsec-menu").is_hidden()
    assert page.locator(".jtsec-header").is_hidden()
    assert complaints == []
