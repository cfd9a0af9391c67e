"""The incident form leaves as a Word file that can be signed."""

from __future__ import annotations

import io

import pytest

from jtsec.audit.alarms.api import IncidentForm, TimelineEntry
from jtsec.audit.reports.api import incident_document, write

docx = pytest.importorskip("docx")

FORM = IncidentForm(
    title="信息安全事件处置报告",
    rows=[("预警编号", "1"), ("原因", ""), ("措施", "=重置口令\x07")],
    timeline=[TimelineEntry("2026-10-15 03:01:00", "产生", "系统", "")],
    signatures=["处置人", "负责人"],
)


@pytest.mark.clause("P61")
def test_the_form_has_its_rows_its_way_and_places_to_sign() -> None:
    """What is still empty can be filled in by hand."""
    file = io.BytesIO()
    write(incident_document(FORM), "docx", file)
    tables = docx.Document(file).tables
    shown = [
        [cell.text for cell in row.cells] for table in tables for row in table.rows
    ]
    assert ["原因", ""] in shown
    assert ["措施", "=重置口令\\u{7}"] in shown
    assert ["2026-10-15 03:01:00", "产生", "系统", ""] in shown
    assert shown[-2:] == [["处置人", ""], ["负责人", ""]]
