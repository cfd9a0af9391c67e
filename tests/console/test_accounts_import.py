"""Many new users from a file: all of it or nothing, and each reviewed by a second."""

from __future__ import annotations

from typing import Any

import pytest

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jtsec.approvals.models import ApprovalRequest
from jtsec.console import accounts_import_views
from jtsec.identity.models import Identity
from tests.identity import people

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P54.3", "A3.1.4")]

PAGE = "/console/system/users/import/"
HEAD = "username,name,resident_id,is_police,number,organisation,duty"


def line(username: str, which: int, **changed: str) -> str:
    """Return the line of somebody."""
    usual = {
        **{"username": username, "name": "刘洋"},
        **{"resident_id": people.resident_id(which), "is_police": "是"},
        **{"number": f"01{which:04}", "organisation": people.CODE, "duty": "业务"},
    }
    return ",".join((usual | changed).values())


def sent(browser: Client, *lines: str, act: str = "submit", **other: Any) -> Any:
    """Send a file."""
    data = "\r\n".join((HEAD, *lines)).encode(other.pop("written", "utf-8"))
    file = SimpleUploadedFile("people.csv", data)
    form = {"file": file, "encoding": "utf-8", "reason": "新警入职", "act": act}
    return browser.post(PAGE, form | other)


def test_a_file_is_checked_and_then_submitted(system_admin: Client) -> None:
    """Nobody is there before the review; the check alone submits nothing."""
    lines = line("liu", 51), line("chen", 52)
    checked = sent(system_admin, *lines, act="check", password="")
    assert checked.status_code == 200
    for password in ("", "Falsch-Falsch-1!"):
        assert sent(system_admin, *lines, password=password).status_code == 400
    assert not ApprovalRequest.objects.exists()
    assert sent(system_admin, *lines).status_code == 302
    assert ApprovalRequest.objects.count() == 2
    assert not Identity.objects.filter(login_name__in=("liu", "chen")).exists()


def test_a_table_program_of_the_country_is_understood(system_admin: Client) -> None:
    """GB18030, as Excel saves it; in the wrong encoding it is refused."""
    wrong = sent(system_admin, line("liu", 51), written="gb18030")
    assert wrong.status_code == 400
    right = {"written": "gb18030", "encoding": "gb18030"}
    assert sent(system_admin, line("liu", 51), **right).status_code == 302


@pytest.mark.parametrize(
    "second",
    [
        line("chen", 52, resident_id="110101199003070012"),
        line("chen", 52, organisation="999999999999"),
        line("chen", 52, is_police="maybe"),
        line("LIU", 52),
        line("chen", 51, number="010052"),
        line("zhang", 53),
        "chen,only,three",
    ],
)
def test_one_bad_line_submits_nobody(system_admin: Client, second: str) -> None:
    """The line is named, and what is wrong with it."""
    answer = sent(system_admin, line("liu", 51), second)
    assert answer.status_code == 400
    assert "<td>3</td>" in answer.content.decode()
    assert not ApprovalRequest.objects.exists()


def test_what_is_no_such_file_is_refused(
    system_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a reason, without the columns, too large."""
    assert sent(system_admin, line("liu", 51), reason=" ").status_code == 400
    file = SimpleUploadedFile("people.csv", b"nonsense\r\n1\r\n")
    form = {"file": file, "encoding": "utf-8", "reason": "x", "act": "submit"}
    assert system_admin.post(PAGE, form).status_code == 400
    monkeypatch.setattr(accounts_import_views, "LARGEST", 10)
    assert sent(system_admin, line("liu", 51)).status_code == 400
    assert not ApprovalRequest.objects.exists()


@pytest.mark.clause("A4.4")
def test_no_other_duty_registers_people(not_system: Client) -> None:
    """Neither sees the page nor sends it."""
    assert not_system.get(PAGE).status_code == 403
    assert sent(not_system, line("liu", 51)).status_code == 403


@pytest.mark.parametrize("duty", ["业务办理", "系统管理", "安全管理", "审计管理"])
def test_a_duty_may_be_written_as_the_pages_have_it(
    system_admin: Client, duty: str
) -> None:
    """Whoever copies a line from the list of users need not translate it."""
    assert sent(system_admin, line("liu", 51, duty=duty)).status_code == 302
