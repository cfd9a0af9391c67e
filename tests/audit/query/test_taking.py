"""Tables that leave: who took them, their sum, and cells that stay text."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import ZipFile

import pytest

from django.http import QueryDict

from jtsec.audit.models import AuditRecord
from jtsec.audit.query.api import Filter, FilterError, LibraryMissing, take_records
from jtsec.audit.query.tables import Head, write_table
from jtsec.core.context import Actor, acting_as
from jtsec.crypto import sm3
from tests.audit.query.rows import add, minutes, row

pytestmark = pytest.mark.django_db

AUDITOR = Actor(
    kind="person", uid="u-1", username="auditor", name="吴国栋", duty="audit"
)
LABELS = ("编号", "对象")
FORMULA = '=HYPERLINK("http://evil","x")'


def rendered(rows: Sequence[AuditRecord]) -> list[list[str]]:
    """Return two cells of each row."""
    return [[str(one.event_id), one.resource] for one in rows]


@dataclass(frozen=True)
class Taken:
    """A finished file, read."""

    data: bytes
    count: int
    sm3: str


def taken(form: str, text: str = "") -> Taken:
    """Take what a filter finds, as the auditor."""
    filter = Filter.from_query(QueryDict(f"period=all&{text}"))
    with acting_as(AUDITOR):
        made = take_records(filter, form, LABELS, rendered)
    with made.file as file:
        return Taken(file.read(), made.count, made.sm3)


@pytest.fixture
def three(db: None) -> None:
    """Write three events, one of them with a formula for a name."""
    add(*(row(minutes(n), resource=name) for n, name in enumerate(("a", FORMULA, "b"))))


@pytest.mark.clause("A5.10")
def test_a_csv_has_a_head_and_a_sum_that_anybody_can_check(three: None) -> None:
    """Who, when, which conditions, how many; the SM3 is over the lines that follow."""
    made = taken("csv", "outcome=done")
    assert made.data.startswith(b"\xef\xbb\xbf")
    head, _, body = made.data[3:].partition(b"\r\n\r\n")
    told = dict(csv.reader(io.StringIO(head.decode())))
    assert any("吴国栋 (auditor) u-1" in value for value in told.values())
    assert any("成功" in value or "Done" in value for value in told.values())
    assert "3" in told.values()
    assert sm3.hexdigest(body) in told.values()
    rows = list(csv.reader(io.StringIO(body.decode(), newline="")))
    assert rows[0] == list(LABELS)
    assert [cells[1] for cells in rows[1:]] == ["b", f"'{FORMULA}", "a"]


@pytest.mark.clause("A5.10")
def test_a_workbook_holds_text_and_no_formula(three: None) -> None:
    """The cell is what was registered, and a table program calculates nothing."""
    made = taken("xlsx")
    with ZipFile(io.BytesIO(made.data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        names = book.namelist()
    assert "<f>" not in sheet
    assert "=HYPERLINK" in sheet
    assert made.sm3 in sheet
    assert not [name for name in names if "vba" in name.lower()]


@pytest.mark.clause("A5.1", "A5.10")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_taking_is_recorded_with_the_same_sum(three: None, form: str) -> None:
    """The event names who took how many rows, by which conditions, and their SM3."""
    made = taken(form, "resource=a")
    event = AuditRecord.objects.filter(code="audit:records:exported").get()
    assert event.actor_username == "auditor"
    payload = bytes(event.payload).decode()
    assert f'"count":{made.count}' in payload
    assert made.sm3 in payload
    assert '"resource":"a"' in payload


def test_both_forms_have_the_same_sum(three: None) -> None:
    """So a workbook can be held against the event, too."""
    assert taken("csv", "reason=&resource=a").sm3 == taken("xlsx", "resource=a").sm3


def test_an_export_ends_at_its_limit_and_says_so(three: None, settings: Any) -> None:
    """Nobody carries away the whole log by one click, and no cut is silent."""
    settings.JTSEC_AUDIT_QUERY_EXPORT_ROWS = 100
    add(*(row(minutes(10 + number)) for number in range(120)))
    made = taken("csv")
    assert made.count == 100
    assert "100" in made.data.decode().split("\r\n\r\n")[0].splitlines()[-1]


def test_encrypted_details_do_not_leave(three: None) -> None:
    """They are read one by one, each with an event."""
    with pytest.raises(FilterError) as caught:
        taken("csv", "details=x")
    assert caught.value.field == "details"


def test_an_unknown_form_is_refused_before_anything_is_read(three: None) -> None:
    """And leaves no event that somebody took something."""
    with pytest.raises(FilterError):
        taken("pdf")
    assert not AuditRecord.objects.filter(code="audit:records:exported").exists()


def test_without_the_library_a_workbook_is_refused_with_a_sentence(
    three: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is named; CSV works without it."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(LibraryMissing):
        taken("xlsx")
    assert taken("csv").count == 3


def test_control_characters_and_long_cells_make_no_broken_workbook() -> None:
    """XML knows no NUL; a cell takes 32,767 characters."""
    rows = [["a\x00b\x1b", "x" * 40_000, "\ud800"]]
    made = write_table("xlsx", Head("t", "w", "n", "c"), ("1", "2", "3"), rows)
    with made.file, ZipFile(made.file) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "\x00" not in sheet
    assert "x" * 32_767 in sheet
    assert "x" * 32_768 not in sheet
