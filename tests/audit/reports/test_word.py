"""A report as a Word file."""

from __future__ import annotations

import io
import zipfile

import pytest

from jtsec.audit.reports.document import printable
from tests.audit.reports.samples import HOSTILE, REPORT

docx = pytest.importorskip("docx")
write_word = pytest.importorskip("jtsec.audit.reports.word").write_word


@pytest.fixture(scope="module")
def made() -> io.BytesIO:
    """Return the file."""
    file = io.BytesIO()
    write_word(REPORT, file)
    return file


def test_what_was_typed_is_text_in_its_cell(made: io.BytesIO) -> None:
    """Markup, formulas and control characters are shown as they came."""
    tables = docx.Document(made).tables
    attacks = next(one for one in tables if one.cell(0, 0).text == "内容")
    shown = [row.cells[0].text for row in attacks.rows][1:]
    assert shown == [printable(one) for one in HOSTILE]


@pytest.mark.clause("A5.10")
def test_the_parts_stand_in_order(made: io.BytesIO) -> None:
    """Title, chapters, and places to sign."""
    texts = [line.text for line in docx.Document(made).paragraphs]
    assert texts[0] == REPORT.title
    headings = [one.heading for one in REPORT.sections]
    assert [text for text in texts if text in headings] == headings
    assert docx.Document(made).tables[-1].cell(0, 0).text == "编制"
    assert "本期无。" in texts


def test_charts_are_the_file_s_own(made: io.BytesIO) -> None:
    """Two charts with their figures in them, and no picture."""
    with zipfile.ZipFile(made) as opened:
        names = opened.namelist()
        charts = [name for name in names if name.startswith("word/charts/")]
        assert len(charts) == 2
        assert "口令猜测" in opened.read(charts[1]).decode()
        kinds = opened.read("[Content_Types].xml").decode()
        assert all(f'PartName="/{name}"' in kinds for name in charts)
        assert not any("media/" in name for name in names)


def test_every_cell_has_its_width(made: io.BytesIO) -> None:
    """Without them LibreOffice makes columns two characters wide."""
    for table in docx.Document(made).tables:
        assert all(cell.width for row in table.rows for cell in row.cells)


def test_heads_are_repeated_on_every_page(made: io.BytesIO) -> None:
    """A long table can be read on its second page."""
    with zipfile.ZipFile(made) as opened:
        assert b"w:tblHeader" in opened.read("word/document.xml")
