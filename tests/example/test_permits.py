"""The business of the example: found by whole values, masked in lists, filed once."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest

from tests.example.demonstration import Demonstration
from tests.example.visitor import Answer, Visitor

NUMBER = re.compile(r"/permits/(TX\d{16})/")
ID_NUMBER = "110000198807154214"
PHONE = "15412349876"


def application(**changes: str) -> dict[str, str]:
    """Return a form that is in order, with some fields changed."""
    begin = date(2026, 3, 1)
    return {
        "plate": "京A8F329",
        "vehicle_kind": "02",
        "vin": "1M8GDM9AXKP042788",
        "licence_class": "C1",
        "owner_name": "欧阳若兰",
        "owner_id_number": ID_NUMBER,
        "owner_phone": PHONE,
        "route": "人民路（解放桥至火车站）",
        "valid_from": begin.isoformat(),
        "valid_until": (begin + timedelta(days=6)).isoformat(),
        "purpose": "住户搬家，需驶入限行路段",
        "sensitivity": "0",
        **changes,
    }


def file(visitor: Visitor, **changes: str) -> Answer:
    """Send an application."""
    return visitor.post("/permits/new/", application(**changes))


def search(visitor: Visitor, **conditions: str) -> Answer:
    """Send the search form."""
    return visitor.post("/permits/", conditions)


def count(visitor: Visitor) -> int:
    """Return how many applications there are."""
    found = re.search(r"共 (\d+) 条", visitor.get("/permits/").text)
    assert found is not None
    return int(found[1])


def test_the_list_is_paged_and_masked(officer: Visitor) -> None:
    """Twenty a page, the rest on the next; no whole ID number or phone in a list."""
    page = officer.get("/permits/?page=2")
    shown = len(set(NUMBER.findall(page.text)))
    assert shown == 20 < count(officer)
    assert len(re.findall(r"<td>\d{3}\*{11}[\dX]{4}</td>", page.text)) == shown
    assert not re.search(r"\d{17}[\dX]<", page.text)
    assert not re.search(r">\d{11}<", page.text)
    assert 'href="?page=1"' in page.text
    for strange in ("0", "-1", "x", "9" * 40, "%00"):
        assert officer.get(f"/permits/?page={strange}").status == 200


@pytest.mark.clause("A6.3")
def test_an_encrypted_owner_is_found_by_the_whole_number(
    served: tuple[Demonstration, str], officer: Visitor
) -> None:
    """ID number, also with a small x, and phone; never by a part of them."""
    filed = file(officer, owner_id_number="11000019880715429x", plate="京A7F001")
    assert filed.status == 302
    number = NUMBER.findall(filed.target)[0]
    for conditions in (
        {"owner_id_number": "11000019880715429X"},
        {"owner_id_number": "11000019880715429x"},
        {"owner_phone": PHONE, "plate": "京A7F001"},
        {"plate": "京A7F001"},
    ):
        assert NUMBER.findall(search(officer, **conditions).text) == [number]
    assert search(officer, owner_id_number="110000198807154").status == 400
    folder = served[0].database.parent
    raw = b"".join(path.read_bytes() for path in folder.glob("example.sqlite3*"))
    assert "京A7F001".encode() in raw
    assert b"11000019880715429" not in raw and PHONE.encode() not in raw


@pytest.mark.clause("A6.4")
def test_no_number_of_a_person_stands_in_an_address(officer: Visitor) -> None:
    """A search is posted; what an address asks for is not looked for."""
    page = officer.get(f"/permits/?owner_id_number={ID_NUMBER}")
    assert ID_NUMBER not in page.text
    assert 'method="post"' in page.text


@pytest.mark.clause("A5.1")
def test_queries_and_applications_are_in_the_audit(
    served: tuple[Demonstration, str], officer: Visitor
) -> None:
    """Who searched, looked and filed; the owner's data are not in clear there."""
    filed = file(officer, plate="京A7F002")
    officer.get(filed.target)
    search(officer, owner_id_number=ID_NUMBER)
    told = served[0].manage("demo_audit", "--last", "12").stdout
    for code in ("filed", "viewed", "queried"):
        assert f"permits:permit:{code}" in told
    assert "张立新" in told
    log = (served[0].database.parent / "audit.log").read_text("utf-8")
    assert "permits:permit:queried" in log
    assert ID_NUMBER not in log


def test_an_application_is_shown_whole_to_who_filed_it(officer: Visitor) -> None:
    """With its number and a good word; the owner's numbers stand on a page apart."""
    before = count(officer)
    filed = file(officer, purpose="<script>alert(1)</script>")
    shown = officer.get(filed.target)
    assert NUMBER.findall(filed.target)[0] in shown.text
    assert ID_NUMBER not in shown.text and PHONE not in shown.text
    owner = officer.get(f"{filed.target}owner/")
    assert ID_NUMBER in owner.text and PHONE in owner.text
    assert "申请已提交" in shown.text
    assert "<script>alert" not in shown.text
    assert html.escape("<script>alert(1)</script>") in shown.text
    assert count(officer) == before + 1


def test_nothing_found_says_what_to_do(officer: Visitor) -> None:
    """An empty answer is no dead end."""
    nothing = search(officer, plate="京A99999")
    assert nothing.status == 200
    assert "没有符合条件的申请" in nothing.text
    assert "查看全部申请" in nothing.text


@pytest.mark.clause("A8.1")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("plate", "A12345"),
        ("plate", "京A1234I"),
        ("plate", "京A123\n45"),
        ("vehicle_kind", "99"),
        ("vin", "1M8GDM9AXKP04278O"),
        ("licence_class", "C9"),
        ("sensitivity", "2"),
        ("owner_name", "张\u0007三"),
        ("owner_name", "张\u202e三"),
        ("owner_name", "张\u0000三"),
        ("owner_name", "三" * 51),
        ("owner_id_number", "110000198807154212"),
        ("owner_id_number", "110000198813154211"),
        ("owner_id_number", "１１００００１９８８０７１５４２１１"),
        ("owner_id_number", "1' OR '1'='1"),
        ("owner_phone", "12412349876"),
        ("owner_phone", "154123498761"),
        ("owner_phone", "１５４１２３４９８７６"),
        ("route", "人民\u200b路"),
        ("route", "路" * 101),
        ("purpose", "搬\u0000家"),
        ("valid_from", "2026-02-30"),
        ("valid_from", "0000-00-00"),
        ("valid_until", "2026-02-28"),
        ("valid_until", "2026-06-30"),
    ],
)
def test_a_malformed_field_is_named_and_nothing_is_filed(
    officer: Visitor, field: str, value: str
) -> None:
    """Status 400, an error beside the field, no row, no trace."""
    before = count(officer)
    refused = file(officer, **{field: value})
    assert refused.status == 400
    assert f'id="id_{field}_error"' in refused.text
    assert "Traceback" not in refused.text
    assert count(officer) == before


@pytest.mark.clause("A8.1")
@pytest.mark.parametrize("field", sorted(application()))
def test_a_missing_field_is_named(officer: Visitor, field: str) -> None:
    """What a browser cannot leave out a program can."""
    fields = application()
    del fields[field]
    refused = officer.post("/permits/new/", fields)
    assert refused.status == 400
    assert f'id="id_{field}_error"' in refused.text
