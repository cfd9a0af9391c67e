"""Owners are masked everywhere, and what is drawn for an application goes with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.example.demonstration import Demonstration
from tests.example.test_approvals import decide, logged_in, waiting
from tests.example.test_permits import ID_NUMBER, NUMBER, PHONE, file
from tests.example.visitor import Visitor

NAME = "欧阳若兰"
PLAIN = (NAME, ID_NUMBER, PHONE)


def plain_in(text: str) -> list[str]:
    """Return the clear values in an output."""
    return [value for value in PLAIN if value in text]


@pytest.mark.clause("T7.2")
@pytest.mark.slow
def test_no_output_holds_an_owner_in_clear(
    served: tuple[Demonstration, str],
) -> None:
    """Pages, interfaces, applications, the log and the audit; but for who may see."""
    demonstration, address = served
    zhang, li, wang = (logged_in(address, one) for one in ("zhang", "li", "wang"))
    number = NUMBER.findall(file(zhang).target)[0]
    one = f"/permits/{number}/"
    outputs = {
        (visitor, path): told.text
        for visitor, client in (("zhang", zhang), ("li", li))
        for path in ("/permits/", one, f"/api{one}", "/api/permits/", "/accounts/")
        if (told := client.get(path)).status in (200, 404)
    }
    requested = waiting(li)[-1]
    assert number in requested["subject"]
    outputs["li", "application"] = li.get(
        f"/accounts/approvals/{requested['id']}/"
    ).text
    outputs["", "log"] = (demonstration.folder / "server.log").read_text("utf-8")
    outputs["", "audit"] = demonstration.manage("demo_audit", "--last", "40").stdout
    assert {key: plain_in(text) for key, text in outputs.items()} == {
        key: [] for key in outputs
    }
    assert "欧***" in outputs["zhang", one]
    # Who is no police officer sees the core of it.
    own = NUMBER.findall(file(wang, plate="京A8F777").target)[0]
    page = wang.get(f"/permits/{own}/").text
    assert "京A8F777" in page
    assert "欧***" not in page
    assert plain_in(page + wang.get(f"/permits/{own}/edit/").text) == []
    assert "owner_name" not in wang.call(f"/api/permits/{own}/").text
    # In clear for a police officer at their own terminal; kept by nothing.
    clear = zhang.get(f"{one}owner/")
    assert plain_in(clear.text) == list(PLAIN)
    assert clear.headers["Cache-Control"] == "no-store"
    assert plain_in(zhang.call(f"/api{one}owner/").text) == list(PLAIN)
    lines = demonstration.manage("demo_audit", "--last", "20").stdout
    assert lines.count("protection:clear:seen") == 2


@pytest.mark.clause("T7.4", "A6.4", "R16")
def test_what_is_drawn_goes_with_its_application_and_its_session(
    served: tuple[Demonstration, str],
) -> None:
    """Seen by the session that drew it alone; encrypted; gone at the verdict."""
    demonstration, address = served
    zhang, li = logged_in(address, "zhang"), logged_in(address, "li")
    number = NUMBER.findall(file(zhang, plate="京A8F778").target)[0]
    page = f"/permits/{number}/vehicle/"

    def entries() -> list[bytes]:
        with closing(sqlite3.connect(demonstration.database)) as database:
            found = database.execute("SELECT content FROM jtsec_transiententry")
            return [row[0] for row in found.fetchall()]

    def sees(visitor: Visitor) -> bool:
        return "检验有效期止</dt>" in visitor.get(page).text

    assert li.post(page, {}).status == 302
    assert sees(li)
    assert not sees(zhang)
    assert zhang.post(page, {}).status == 302
    assert len(entries()) == 2
    assert not [one for one in entries() if "京A8F778".encode() in one]
    goodbye = zhang.post("/accounts/logout/", {}, form="/permits/")
    assert '"cache"' in goodbye.headers["Clear-Site-Data"]
    assert len(entries()) == 1
    requested = next(one for one in waiting(li) if number in one["subject"])
    assert decide(li, "approve", requested).status == 200
    assert entries() == []
    assert not sees(li)
    assert li.post(page, {}, form="/permits/").status == 403
    told = demonstration.manage("demo_audit", "--last", "20").stdout
    assert "protection:extraction:drawn" in told
    assert "protection:transient:ended" in told
