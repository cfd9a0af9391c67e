"""What leaves the example as a file, and what is asked of one person."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.example.demonstration import Demonstration
from tests.example.test_permits import ID_NUMBER, PHONE, file
from tests.example.visitor import Visitor

EXPORT, PERSON, LIST = "/permits/export/", "/permits/person/", "/permits/"
WHY = "核对本月通行证"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ELSEWHERE = "127.0.0.2"


def cells(content: bytes) -> list[str]:
    """Return the texts of a workbook's sheet."""
    with ZipFile(BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    return re.findall(r"<t[^>]*>([^<]*)</t>", sheet)


def audited(demonstration: Demonstration, last: int = 30) -> str:
    """Return the latest events as the command lists them."""
    return demonstration.manage("demo_audit", "--last", str(last)).stdout


@pytest.mark.clause("A5.1", "A6.3")
def test_an_export_says_who_took_it_and_shows_no_whole_number(
    served: tuple[Demonstration, str], officer: Visitor
) -> None:
    """The head names person, time, condition, number and SM3; it is recorded."""
    assert file(officer, plate="京A7E321").status == 302
    asked = officer.post(EXPORT, {"plate": "京a·7e321"}, form=LIST)
    assert asked.status == 200 and "号牌号码 京A7E321" in asked.text
    taken = officer.post(EXPORT, {"plate": "京A7E321", "reason": WHY}, form=LIST)
    assert taken.status == 200 and taken.headers["Content-Type"] == XLSX
    assert "attachment" in taken.headers["Content-Disposition"]
    found = cells(taken.content)
    assert any("张立新（zhang）" in one for one in found)
    assert "号牌号码 京A7E321" in found and "京A7E321" in found
    assert any(re.fullmatch("[0-9a-f]{64}", one) for one in found)
    assert ID_NUMBER not in found and PHONE not in found
    told = audited(served[0])
    assert "permits:permit:exported" in told and WHY in told
    assert "audit:records:viewed" in told


@pytest.mark.clause("A4.1", "A4.14")
def test_an_export_holds_what_its_taker_may_see(officer: Visitor) -> None:
    """Without conditions: all of one's own organisation, and none of another's."""
    taken = officer.post(EXPORT, {"reason": WHY}, form=LIST)
    found = cells(taken.content)
    assert "交通警察支队城东大队" in found
    assert "交通警察支队车辆管理所" not in found


@pytest.mark.clause("A8.1")
@pytest.mark.parametrize(
    "fields",
    [
        {"reason": ""},
        {"reason": "a\x00b"},
        {"reason": "p\u0430ypal"},
        {"reason": "理" * 201},
        {"reason": WHY, "plate": "京A1234I"},
        {"reason": WHY, "owner_id_number": "1' OR '1'='1"},
    ],
)
def test_a_malformed_export_is_refused(
    officer: Visitor, fields: dict[str, str]
) -> None:
    """No file, and the field is named."""
    refused = officer.post(EXPORT, fields, form=LIST)
    assert refused.status == 400
    assert refused.headers["Content-Type"].startswith("text/html")
    assert "_error" in refused.text


@pytest.mark.clause("A4.3", "A4.7")
def test_who_is_no_police_officer_takes_and_traces_nothing(visitor: Visitor) -> None:
    """Neither is a button shown."""
    assert visitor.log_in("wang").status == 302
    listed = visitor.get(LIST).text
    assert EXPORT not in listed and PERSON not in listed
    for path in (EXPORT, PERSON):
        assert visitor.get(path).status == 403
        fields = {"reason": WHY, "owner_id_number": ID_NUMBER}
        assert visitor.post(path, fields, form=LIST).status == 403


@pytest.mark.clause("A4.11", "A5.1")
def test_a_person_is_looked_up_at_the_bound_terminal_with_a_reason(
    served: tuple[Demonstration, str], officer: Visitor
) -> None:
    """Recorded with the reason, the number encrypted; also where nothing is found."""
    assert file(officer, plate="京A7E322").status == 302
    fields = {"owner_id_number": f" {ID_NUMBER} ", "reason": WHY}
    found = officer.post(PERSON, fields)
    assert found.status == 200 and "京A7E322" in found.text
    assert "no-store" in found.headers["Cache-Control"]
    nobody = {"owner_id_number": "110000199001010013", "reason": "另查一人"}
    assert "没有此人的通行证" in officer.post(PERSON, nobody).text
    told = audited(served[0])
    assert told.count("permits:person:traced") >= 2
    assert WHY in told and "另查一人" in told
    assert ID_NUMBER not in told
    assert officer.post(PERSON, {**fields, "reason": ""}).status == 400
    assert officer.post(PERSON, {**fields, "owner_id_number": "1"}).status == 400


@pytest.mark.clause("A4.11")
def test_a_person_is_looked_up_from_no_other_terminal(
    served: tuple[Demonstration, str],
) -> None:
    """Zhang from another address, and li, who has none bound: refused and recorded."""
    demonstration, address = served
    for username, source in (("zhang", ELSEWHERE), ("li", "127.0.0.1")):
        away = Visitor(address, source=source)
        assert away.log_in(username).status == 302
        assert away.get(PERSON).status == 403
        fields = {"owner_id_number": ID_NUMBER, "reason": WHY}
        assert away.post(PERSON, fields, form=LIST).status == 403
        assert away.get(EXPORT).status == 200
    assert "terminal-not-bound" in audited(demonstration)


@pytest.mark.clause("A8.1")
def test_a_plate_must_be_of_its_kind(officer: Visitor) -> None:
    """A new-energy plate is no ordinary one, and the reverse."""
    for kind, plate in (("02", "京AD12345"), ("52", "京A12345"), ("51", "京AD12345")):
        refused = file(officer, plate=plate, vehicle_kind=kind, licence_class="A2")
        assert refused.status == 400 and 'id="id_plate_error"' in refused.text
    for kind, plate in (("52", "京AF00011"), ("51", "京b·00012a")):
        sent = file(officer, plate=plate, vehicle_kind=kind, licence_class="a2, d")
        assert sent.status == 302
    assert "京B00012A" in officer.post(LIST, {"plate": "京b 00012A"}).text


@pytest.mark.clause("A8.1")
def test_a_driver_must_be_licensed_for_the_kind(officer: Visitor) -> None:
    """A small car's licence drives no large vehicle; a doubtful VIN is pointed out."""
    large = {"vehicle_kind": "01", "vin": "1M8GDM9A0KP042788", "plate": "京A7E331"}
    refused = file(officer, **large, licence_class="C1D")
    assert refused.status == 400 and 'id="id_licence_class_error"' in refused.text
    sent = file(officer, **large, licence_class=" d 、a2")
    assert sent.status == 302
    page = officer.get(sent.target).text
    assert "A2D" in page and "第 9 位校验不符" in page
