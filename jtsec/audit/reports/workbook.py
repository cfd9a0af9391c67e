"""
A report as a workbook: one sheet a chapter, charts beside their figures.

Cells are written by kind, never guessed: a login name that begins with "=" is text
(CWE-1236). The file holds no macro, no link and no formula.
"""

from __future__ import annotations

import re
from typing import IO, Any, Final

import xlsxwriter

from .document import (
    LINE,
    Cell,
    Chart,
    Document,
    Facts,
    Paragraph,
    Section,
    Table,
    printable,
)

FONT: Final = "宋体"
SHEET_NAME_LENGTH: Final = 31
WIDTH: Final = 110
"""Characters of a whole sheet's width; columns take their shares of it."""

CHART_ROWS: Final = 16
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_workbook(document: Document, file: IO[bytes]) -> None:
    """
    Write a report as .xlsx.

    Args:
        document: the report.
        file: open for writing bytes.
    """
    book = xlsxwriter.Workbook(file, _OPTIONS)
    try:
        _Writer(book).write(document)
    finally:
        book.close()


class _Writer:
    """Writes one report, sheet by sheet, from the top down."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._sheet: Any = None
        self._row = 0
        plain = {"font_name": FONT, "font_size": 11, "valign": "top"}
        cell = {**plain, "border": 1, "border_color": "#B8C0CC", "text_wrap": True}
        self._plain = book.add_format({**plain, "text_wrap": True})
        self._title = book.add_format({**plain, "bold": True, "font_size": 16})
        self._heading = book.add_format({**plain, "bold": True, "font_size": 13})
        self._head = book.add_format({**cell, "bold": True, "bg_color": "#E3EAF3"})
        self._text = book.add_format({**cell, "num_format": "@"})
        self._number = book.add_format({**cell, "num_format": "#,##0"})

    def write(self, document: Document) -> None:
        taken: set[str] = set()
        for section in document.sections:
            self._open(section.heading, taken)
            if len(taken) == 1:
                self._line(document.title, self._title)
                self._facts(Facts(document.facts))
            self._section(section)

    def _open(self, heading: str, taken: set[str]) -> None:
        name = _sheet_name(heading, taken)
        taken.add(name.lower())
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.set_footer("&C&P / &N")
        self._sheet, self._row = sheet, 0

    def _section(self, section: Section) -> None:
        self._line(section.heading, self._heading)
        widest = max(
            (part for part in section.parts if isinstance(part, Table)),
            key=lambda table: len(table.head),
            default=None,
        )
        shares = widest.shares if widest else [0.3, 0.7]
        for column, share in enumerate(shares):
            self._sheet.set_column(column, column, max(10, WIDTH * share))
        for part in section.parts:
            match part:
                case Table():
                    self._table(part)
                case Chart():
                    self._chart(part)
                case Facts():
                    self._facts(part)
                case Paragraph():
                    self._line(part.text, self._plain)

    def _line(self, text: str, style: Any) -> None:
        # Not wrapped into the first column: it runs over the empty ones beside it.
        self._sheet.merge_range(self._row, 0, self._row, 3, "", style)
        self._sheet.write_string(self._row, 0, printable(text), style)
        lines = 1 + 2 * len(text) // WIDTH  # a Chinese character is two wide
        self._sheet.set_row(self._row, (26 if style is self._title else 17) * lines)
        self._row += 1

    def _facts(self, facts: Facts) -> None:
        for label, value in facts.rows:
            self._sheet.write_string(self._row, 0, printable(label), self._head)
            self._cell(self._row, 1, value)
            self._row += 1
        self._row += 1

    def _table(self, table: Table) -> None:
        self._line(table.caption, self._heading)
        if not table.rows:
            self._line(table.empty, self._plain)
        else:
            for column, name in enumerate(table.head):
                self._sheet.write_string(self._row, column, name, self._head)
            for number, row in enumerate(table.rows, self._row + 1):
                for column, value in enumerate(row):
                    self._cell(number, column, value)
            self._row += 1 + len(table.rows)
        self._row += 1

    def _cell(self, row: int, column: int, value: Cell) -> None:
        if isinstance(value, int):
            self._sheet.write_number(row, column, value, self._number)
        else:
            self._sheet.write_string(row, column, printable(value), self._text)

    def _chart(self, chart: Chart) -> None:
        """Write the figures as a table and draw the chart from them, beside it."""
        top = self._row
        names = list(chart.series)
        rows: list[tuple[Cell, ...]] = [
            (label, *(chart.series[name][place] for name in names))
            for place, label in enumerate(chart.labels)
        ]
        self._table(Table(chart.caption, ["", *names], rows))
        if chart.is_empty:
            return
        first, last = self._row - 1 - len(rows), self._row - 2
        drawn = self._book.add_chart(
            {"type": "line" if chart.kind == LINE else "column"}
        )
        sheet = self._sheet.get_name()
        for column, name in enumerate(names, 1):
            drawn.add_series(
                {
                    "name": name,
                    "categories": [sheet, first, 0, last, 0],
                    "values": [sheet, first, column, last, column],
                }
            )
        font = {"name": FONT, "size": 10}
        drawn.set_title({"name": chart.caption, "name_font": {**font, "size": 12}})
        drawn.set_legend({"position": "bottom", "font": font})
        drawn.set_x_axis({"num_font": font})
        drawn.set_y_axis({"num_font": font, "min": 0})
        drawn.set_size({"width": 760, "height": 20 * (CHART_ROWS - 1)})
        beside = len(names) + 2
        self._sheet.insert_chart(top, beside, drawn, {"description": chart.caption})
        self._row = max(self._row, top + CHART_ROWS)


def _sheet_name(heading: str, taken: set[str]) -> str:
    """Return a name that a workbook admits and that no other sheet has."""
    base = _NOT_IN_NAMES.sub(" ", heading).strip()[:SHEET_NAME_LENGTH] or "1"
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        name = f"{base[: SHEET_NAME_LENGTH - 4]} {number}"
    return name
