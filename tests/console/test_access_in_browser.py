"""A security administrator's day in a real browser: nothing blocked or too wide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from jtsec.access.api import (
    Function,
    appoint,
    assign,
    bind_terminal,
    create_role,
    decide,
    give_propagation,
    role_of,
)
from jtsec.authentication.api import list_blocks
from jtsec.core.context import acting_as, system_actor
from jtsec.crypto import sm2
from jtsec.identity.models import Identity
from jtsec.rest.api import register_client
from tests.access.declared import declared
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD, loaded, registered
from tests.console.test_access_locks import blocked
from tests.console.test_access_requests import applied_by
from tests.services.browser import require_fits

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

FUNCTIONS = (
    Function("permits.query_permit", "查询临时通行证"),
    Function(
        "permits.file_permit", "申请临时通行证",
        conflicts_with=["permits.approve_permit"],
    ),
    Function("permits.approve_permit", "审批临时通行证", core=True),
    Function(
        "permits.show_owner", "查看所有人完整信息", police_only=True, critical=True,
        core=True, sensitivity=2,
    ),
    Function("permits.export_permit", "导出通行证台账", propagatable=True),
    Function("permits.delete_attachment", "删除附件"),
)  # fmt: skip
SECURITY = "/console/security/"


@pytest.fixture
def server(
    cheap_passwords: None,  # noqa: F811 - a fixture
    settings: Any,
    live_server: Any,
) -> Iterator[str]:
    """Return the address of a server with people, roles, locks and all that."""
    settings.SESSION_COOKIE_SECURE = False
    settings.CSRF_COOKIE_SECURE = False
    registered("secadmin", 12, duty="security", name="周卫东")
    registered("sysadmin", 13, duty="system", name="林建国")
    zhang = registered("zhang", 21, name="张" * 50).jtsec_identity
    wang = registered("wang", 22, name="王小川", is_police=False).jtsec_identity
    with declared(*FUNCTIONS):
        with acting_as(system_actor("demonstration")):
            _fill(zhang, wang)
        applied_by("sysadmin", "zhang", "viewer")
        yield str(live_server.url)


def _fill(zhang: Identity, wang: Identity) -> None:
    create_role(
        "clerk", name="通行证经办", duty="business", reason="建设期设置",
        rights=["permits.query_permit", "permits.file_permit"],
        restrictions={"hours": ["00:00-24:00"]},
    )  # fmt: skip
    create_role(
        "viewer", name="全量查询", duty="business", rights=["permits.show_owner"],
        parents=["clerk"], reason="建设期设置",
    )  # fmt: skip
    assign(zhang, "clerk", reason="岗位调整" * 20)
    assign(wang, "clerk", reason="新录用")
    bind_terminal(
        zhang, networks=["10.1.2.0/24"], certificate="ab" * 32, reason="窗口电脑"
    )
    give_propagation(
        zhang, "permits.export_permit", depth=1, organisation=zhang.organisation,
        reason="中队分派",
    )  # fmt: skip
    appoint(zhang, "business-manager", reason="任命")
    register_client(
        code="gate-3", name="三号门核验终端", kind="terminal", account="wang",
        public_key=sm2.generate().public.to_pem(), rights=["permits.query_permit"],
        networks=["10.1.2.0/24"], reason="窗口上线",
    )  # fmt: skip
    blocked("zhang" * 20)
    blocked("address:10.9.9.9", "terminal")


def pages() -> list[str]:
    """Return every page there is, of somebody with much and somebody with little."""
    uids = [loaded(name).jtsec_identity.uid for name in ("zhang", "wang")]
    lists = [
        *("requests/", "roles/", "roles/new/", "roles/new/business/"),
        *("roles/new/security/", "roles/of/viewer/", "roles/of/clerk/end/"),
        *("grants/", "grants/?text=nobody", "grants/?duty=moon"),
        *("propagation/", "terminals/", "posts/"),
        *("clients/", "clients/new/", "clients/of/gate-3/end/"),
        *("conflicts/", "conflicts/?look=1", "functions/", "functions/?text=nothing"),
        *("locks/", "locks/?subject=nobody", f"locks/{list_blocks()[0].pk}/"),
        *("sessions/", "", "policy/", "policy/lockout/", "policy/frequency/"),
    ]
    kinds = ("grants", "propagation", "terminals", "posts")
    return lists + [f"{kind}/{uid}/" for kind in kinds for uid in uids]


def enter(page: Page, server: str, username: str = "secadmin") -> None:
    """Log in."""
    page.goto(f"{server}/accounts/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/last-login/")


@pytest.mark.clause("A4.2", "A4.3")
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_no_page_is_too_wide_or_blocked(
    server: str, page: Page, width: int, height: int
) -> None:
    """Long values, errors and empty lists too; the browser has no complaint."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.set_viewport_size({"width": width, "height": height})
    enter(page, server)
    for address in pages():
        page.goto(f"{server}{SECURITY}{address}")
        assert page.locator("h1").count() == 1, address
        require_fits(page)
    assert [text for text in complaints if "status of 400" not in text] == []


@pytest.mark.clause("A3.2.7", "A4.4", "A4.6")
def test_a_security_administrator_works_without_scripts(
    server: str, chromium: Browser
) -> None:
    """Make a role, see what a change means, change it, lift a lock: no JavaScript."""
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        enter(page, server)
        page.goto(f"{server}{SECURITY}roles/new/")
        page.select_option("[name=duty]", "business")
        page.click(".jtsec-console-page form button")
        page.fill("[name=code]", "exporter")
        page.fill("[name=name]", "台账导出")
        page.check("[value='permits.export_permit']")
        page.fill("[name=reason]", "台账归档")
        page.fill("[name=password]", PASSWORD)
        page.click(".jtsec-console-page form button")
        page.wait_for_url(f"**{SECURITY}roles/")
        assert role_of("exporter") is not None
        page.goto(f"{server}{SECURITY}roles/of/clerk/")
        page.uncheck("[value='permits.file_permit']")
        page.fill("[name=reason]", "不再受理")
        page.click(".jtsec-console-page form > section:last-of-type button")
        assert "王小川" in page.inner_text("#preview")
        page.fill("#preview [name=password]", PASSWORD)
        page.click("#preview button")
        page.wait_for_url("**/clerk/")
        assert page.locator(".jtsec-alert-good").count() == 1
        assert not decide(loaded("wang"), "permits.file_permit")
        page.goto(f"{server}{SECURITY}locks/")
        page.locator("tbody a").first.click()
        page.fill("[name=reason]", "本人电话核实")
        page.fill("[name=password]", PASSWORD)
        page.click(".jtsec-console-page form button")
        page.wait_for_url("**/locks/")
        assert list_blocks().count() == 1
    finally:
        context.close()


@pytest.mark.clause("A4.8")
def test_a_holder_passes_a_right_on_by_hand(server: str, page: Page) -> None:
    """From the list to the person, and back again; nothing is too wide or refused."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.set_viewport_size({"width": 1280, "height": 720})
    enter(page, server, "zhang")
    page.goto(f"{server}/accounts/passing/")
    require_fits(page)
    page.click("tbody a")
    page.fill("[name=to]", "wang")
    page.fill("[name=reason]", "今晚值班")
    page.fill("[name=password]", PASSWORD)
    page.click("main .jtsec-actions button")
    page.wait_for_selector("tbody a")
    require_fits(page)
    assert decide(loaded("wang"), "permits.export_permit")
    page.click("tbody a")
    require_fits(page)
    page.fill("[name=reason]", "值班结束")
    page.fill("[name=password]", PASSWORD)
    page.click("main .jtsec-actions button")
    page.wait_for_selector(".jtsec-alert-good")
    assert not decide(loaded("wang"), "permits.export_permit")
    assert complaints == []
