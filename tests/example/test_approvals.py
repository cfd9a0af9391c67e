"""Zhang applies, li approves; a correction passes four hands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.example.demonstration import Demonstration
from tests.example.test_permits import ID_NUMBER, NUMBER, application, file, search
from tests.example.visitor import PASSWORD, Answer, Visitor

PDF = b"%PDF-1.4 made up"


def logged_in(address: str, username: str) -> Visitor:
    """Return somebody who is logged in."""
    visitor = Visitor(address)
    assert visitor.log_in(username).status == 302
    return visitor


def waiting(visitor: Visitor) -> list[dict[str, Any]]:
    """Return what waits for somebody."""
    found: list[dict[str, Any]] = json.loads(
        visitor.call("/api/approvals/waiting/").text
    )
    return found


def decide(visitor: Visitor, verb: str, one: dict[str, Any], **other: Any) -> Answer:
    """Give a verdict over what was read."""
    said = {"revision": one["revision"], "note": "已核对", "password": PASSWORD}
    said |= other
    return visitor.call(f"/api/approvals/{one['id']}/{verb}/", said)


def state_of(visitor: Visitor, number: str) -> str:
    """Return how far an application has come."""
    told: str = json.loads(visitor.call(f"/api/permits/{number}/").text)["state"]
    return told


@pytest.mark.clause("A4.4")
def test_li_approves_what_zhang_filed_and_zhang_cannot(
    served: tuple[Demonstration, str],
) -> None:
    """Of an old page the verdict is refused, and so is a second one."""
    demonstration, address = served
    zhang, li = logged_in(address, "zhang"), logged_in(address, "li")
    number = NUMBER.findall(file(zhang).target)[0]
    one = waiting(li)[-1]
    assert number in one["subject"]
    assert waiting(zhang) == []
    assert decide(zhang, "approve", one).status == 403
    assert decide(li, "approve", one, revision=one["revision"] + 1).status == 409
    assert state_of(li, number) == "filed"
    assert decide(li, "approve", one).status == 200
    assert state_of(li, number) == "approved"
    assert decide(li, "approve", one).status == 409
    told = demonstration.manage("demo_audit", "--last", "30").stdout
    assert "self-approval" in told
    assert "permits:permit:approved" in told


@pytest.mark.clause("A4.4")
def test_who_changed_a_draft_cannot_approve_it_and_what_is_rejected_comes_back(
    served: tuple[Demonstration, str],
) -> None:
    """Kept, filed, rejected, changed and filed again."""
    _, address = served
    wang, li = logged_in(address, "wang"), logged_in(address, "li")
    kept = wang.post("/permits/new/", application(draft="1"))
    number = NUMBER.findall(kept.target)[0]
    assert state_of(wang, number) == "draft"
    assert not [one for one in waiting(li) if number in one["subject"]]
    edit = f"/permits/{number}/edit/"
    # What is for police alone is not read from a form either.
    assert ID_NUMBER not in wang.get(edit).text
    changed = application(plate="京A8F330", owner_id_number="", owner_phone="")
    assert wang.post(edit, changed).status == 302
    assert number in search(li, owner_id_number=ID_NUMBER, plate="京A8F330").text
    assert wang.get(edit).status == 403
    (one,) = (one for one in waiting(li) if number in one["subject"])
    assert decide(li, "reject", one).status == 200
    assert state_of(wang, number) == "rejected"
    assert wang.post(edit, application(plate="京A8F331")).status == 302
    assert state_of(wang, number) == "filed"


@pytest.mark.clause("P45")
def test_a_correction_is_approved_by_two_and_carried_out_by_a_third(
    served: tuple[Demonstration, str],
) -> None:
    """Nobody of the first three can do it; before and after are kept."""
    demonstration, address = served
    people = {
        name: logged_in(address, name) for name in ("zhang", "li", "zhao", "chen")
    }
    listed = json.loads(people["zhang"].call("/api/permits/").text)["results"]
    number = next(
        one["number"]
        for one in listed
        if one["state"] == "approved"
        and "学府路" not in people["chen"].get(f"/permits/{one['number']}/").text
    )
    page = f"/permits/{number}/correct/"
    wanted = {**application(route="学府路（科技园至师范学院）"), "reason": "登记有误"}
    assert people["zhang"].post(page, wanted).status == 302

    def steps(name: str) -> list[dict[str, Any]]:
        return [
            one for one in waiting(people[name]) if one["kind"] == "permits.correct"
        ]

    assert not steps("zhao") and not steps("chen")
    assert decide(people["li"], "approve", steps("li")[0]).status == 200
    assert decide(people["zhao"], "approve", steps("zhao")[0]).status == 200
    assert "学府路" not in people["chen"].get(f"/permits/{number}/").text
    (one,) = steps("chen")
    for name in ("zhang", "li", "zhao"):
        assert decide(people[name], "execute", one).status == 403
    shown = json.loads(people["chen"].call(f"/api/approvals/{one['id']}/").text)
    assert shown["before"]["通行路段"] != shown["after"]["通行路段"]
    assert decide(people["chen"], "execute", one).status == 200
    assert "学府路" in people["chen"].get(f"/permits/{number}/").text
    told = demonstration.manage("demo_audit", "--last", "10").stdout
    assert "permits:permit:corrected" in told


@pytest.mark.clause("A8.1")
@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("proof.pdf", PDF, 302),
        ("proof.PDF", PDF, 302),
        ("proof.html", b"<script>alert(1)</script>", 400),
        ("proof.pdf", b"<script>alert(1)</script>", 400),
        ("../../../proof.pdf", PDF, 302),
        ("proof", PDF, 400),
        ("proof.pdf", b"", 400),
        ("proof.pdf", PDF + b" " * 2 * 1024 * 1024, 400),
    ],
)
def test_an_attachment_is_what_its_name_says(
    served: tuple[Demonstration, str], name: str, content: bytes, status: int
) -> None:
    """Kept encrypted, by the number of its application, whatever it was called."""
    demonstration, address = served
    zhang = logged_in(address, "zhang")
    sent = zhang.upload("/permits/new/", application(), name, content)
    assert sent.status == status
    if status == 302:
        got = zhang.get(f"{sent.target}attachment/")
        assert got.text.encode() == PDF
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        number = NUMBER.findall(sent.target)[0]
        folder = demonstration.database.parent / "media" / "permits"
        assert PDF not in (folder / f"{number}.pdf").read_bytes()


ELSEWHERE = """
from jtsec.access.api import assign, revoke
from jtsec.access.models import Assignment
from jtsec.audit.api import boundary
from jtsec.core.context import acting_as, system_actor
with acting_as(system_actor("test")), boundary():
    held = Assignment.objects.get(
        identity__user__username="li", role__code="permit-approver", ended_at=None
    )
    revoke(held, reason="moved")
    assign(held.identity, held.role, organisation="110000000102", reason="moved")
"""


@pytest.mark.slow
@pytest.mark.clause("A4.6")
def test_an_approver_of_another_organisation_is_none(
    demonstration: Demonstration,
) -> None:
    """The right is asked for on the application, whose number is easily guessed."""
    moved = demonstration.manage("shell", "-v0", "-c", ELSEWHERE)
    assert moved.returncode == 0, moved.stderr
    with demonstration.served() as address:
        zhang, li = logged_in(address, "zhang"), logged_in(address, "li")
        assert file(zhang).status == 302
        (one,) = json.loads(zhang.call("/api/approvals/").text)
        assert waiting(li) == []
        assert li.call(f"/api/approvals/{one['id']}/").status == 404
        assert decide(li, "approve", one).status == 403
    told = demonstration.manage("demo_audit", "--last", "10").stdout
    assert "other-organisation" in told
