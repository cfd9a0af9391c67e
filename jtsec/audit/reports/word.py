"""
A report as a Word file: A4, Chinese fonts, repeated table heads, charts that Word owns.

Column widths are written out, in the grid and in every cell: without them LibreOffice
and WPS make the widest column two characters wide.
"""

from __future__ import annotations

from typing import IO, Any, Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt, RGBColor

from .document import (
    Cell,
    Chart,
    Document,
    Facts,
    Paragraph,
    Section,
    Table,
    printable,
)
from .word_chart import add_chart

FONT: Final = "宋体"
LATIN_FONT: Final = "Times New Roman"
WIDTH_MM: Final = 170
"""Between the margins of 20 mm on A4."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def write_word(document: Document, file: IO[bytes]) -> None:
    """
    Write a report as .docx.

    Args:
        document: the report.
        file: open for writing bytes.
    """
    _Writer().write(document).save(file)


class _Writer:
    """Writes one report from the top down."""

    def __init__(self) -> None:
        self._file = docx.Document()
        page = self._file.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(20)
        page.top_margin = page.bottom_margin = Mm(22)
        self._number_pages(page.footer.paragraphs[0])
        for name, size in (
            ("Normal", 10.5),
            ("Title", 20),
            ("Heading 1", 14),
            ("Heading 2", 12),
        ):
            self._set_font(self._file.styles[name], size)

    def write(self, document: Document) -> Any:
        title = self._file.add_paragraph(style="Title")
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.add_run(printable(document.title))
        self._facts(Facts(document.facts))
        for section in document.sections:
            self._section(section)
        if document.signatures:
            self._signatures(document)
        return self._file

    def _section(self, section: Section) -> None:
        self._file.add_heading(printable(section.heading), level=1)
        for part in section.parts:
            match part:
                case Table():
                    self._table(part)
                case Chart():
                    self._chart(part)
                case Facts():
                    self._facts(part)
                case Paragraph():
                    self._file.add_paragraph(printable(part.text))

    def _facts(self, facts: Facts) -> None:
        if facts.rows:
            self._grid(facts.rows, [0.3, 0.7], head=None, bold_first=True)

    def _table(self, table: Table) -> None:
        caption = self._file.add_paragraph()
        caption.paragraph_format.keep_with_next = True
        caption.add_run(printable(table.caption)).bold = True
        if table.rows:
            self._grid(table.rows, table.shares, head=table.head)
        else:
            self._file.add_paragraph(printable(table.empty))

    def _chart(self, chart: Chart) -> None:
        caption = self._file.add_paragraph()
        caption.paragraph_format.keep_with_next = True
        caption.add_run(printable(chart.caption)).bold = True
        if not chart.is_empty:
            add_chart(self._file.add_paragraph(), chart, width_mm=WIDTH_MM)

    def _grid(
        self, rows: Any, shares: list[float], *, head: Any, bold_first: bool = False
    ) -> None:
        made = self._file.add_table(rows=0, cols=len(shares), style="Table Grid")
        made.autofit = False
        for column, share in zip(made.columns, shares, strict=True):
            column.width = Mm(WIDTH_MM * share)
        if head is not None:
            self._row(made, head, shares, bold=True)
            _repeat(made.rows[0])
        for row in rows:
            self._row(made, row, shares, bold=False, bold_first=bold_first)
        self._file.add_paragraph().paragraph_format.space_after = Pt(2)

    def _row(
        self,
        made: Any,
        values: Any,
        shares: list[float],
        *,
        bold: bool,
        bold_first: bool = False,
    ) -> None:
        cells = made.add_row().cells
        for place, (cell, value, share) in enumerate(
            zip(cells, values, shares, strict=True)
        ):
            cell.width = Mm(WIDTH_MM * share)
            line = cell.paragraphs[0]
            line.paragraph_format.space_after = Pt(0)
            run = line.add_run(_shown(value))
            run.bold = bold or (bold_first and place == 0)
            run.font.size = Pt(9.5)
            if isinstance(value, int):
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _signatures(self, document: Document) -> None:
        self._file.add_paragraph()
        rows = [(name, "") for name in document.signatures]
        self._grid(rows, [0.3, 0.7], head=None, bold_first=True)

    def _set_font(self, style: Any, size: float) -> None:
        style.font.name, style.font.size = LATIN_FONT, Pt(size)
        style.font.color.rgb = RGBColor(0x1B, 0x26, 0x38)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(f"{_W}{kind}", None)
        fonts.set(f"{_W}eastAsia", FONT)
        fonts.set(f"{_W}ascii", LATIN_FONT)
        fonts.set(f"{_W}hAnsi", LATIN_FONT)

    def _number_pages(self, line: Any) -> None:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        field = OxmlElement("w:fldSimple")
        field.set(f"{_W}instr", "PAGE")
        line._p.append(field)


def _repeat(row: Any) -> None:
    """Let a table's head stand on every page that the table reaches."""
    mark = OxmlElement("w:tblHeader")
    mark.set(f"{_W}val", "true")
    row._tr.get_or_add_trPr().append(mark)


def _shown(value: Cell) -> str:
    return f"{value:,}" if isinstance(value, int) else printable(value)
