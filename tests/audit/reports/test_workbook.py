"""A report as a workbook: text stays text, whatever it begins with."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from jtsec.audit.reports.document import printable
from tests.audit.reports.samples import HOSTILE, REPORT

xlsxwriter = pytest.importorskip("xlsxwriter")
write_workbook = pytest.importorskip("jtsec.audit.reports.workbook").write_workbook


@pytest.fixture(scope="module")
def parts() -> dict[str, str]:
    """Return the files inside the workbook."""
    made = io.BytesIO()
    write_workbook(REPORT, made)
    with zipfile.ZipFile(made) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


def sheets(parts: dict[str, str]) -> str:
    """Return all sheets as one text."""
    return "".join(text for name, text in parts.items() if "worksheets/sheet" in name)


@pytest.mark.clause("A5.10")
def test_nothing_typed_becomes_a_formula_a_link_or_a_number(
    parts: dict[str, str],
) -> None:
    """Each hostile text is a string of the string table."""
    assert "<f>" not in sheets(parts)
    assert "hyperlink" not in sheets(parts)
    assert "externalLink" not in " ".join(parts)
    strings = parts["xl/sharedStrings.xml"]
    for text in ("=cmd|", "+1+1", "-2+3", "@SUM(1)", "000123", "https://example.test/"):
        assert text in strings


def test_a_formula_would_be_seen_by_this_test() -> None:
    """The look for formulas finds one where a writer guesses the kind of a cell."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet().write(0, 0, HOSTILE[0])
    with zipfile.ZipFile(made) as opened:
        assert b"<f>" in opened.read("xl/worksheets/sheet1.xml")


def test_every_chapter_has_a_sheet_of_its_own(parts: dict[str, str]) -> None:
    """Names that a workbook forbids, or that are taken, are changed."""
    names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"])
    assert len(names) == len(set(names)) == 3
    assert not any(one in "[]:*?/\\" for name in names for one in name)


def test_charts_are_drawn_from_their_figures(parts: dict[str, str]) -> None:
    """Two charts, and none of nothing."""
    assert sum("charts/chart" in name for name in parts) == 2


def test_what_xml_cannot_hold_is_spelt_out() -> None:
    """Control characters and direction marks are visible, and long texts cut."""
    assert printable("a\x00b\u202ec") == "a\\u{0}b\\u{202e}c"
    assert len(printable("long " * 1000)) == 2001
