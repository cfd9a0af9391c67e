"""
A report as a page: inside the console, or as one file that needs nothing else.

The chart is the same drawing in both; a template decides about everything else, so that
a project can lay its own over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.template.loader import render_to_string

from jtsec.audit.charts import bars, lines

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


@dataclass(frozen=True)
class Shown:
    """
    One part as a template shows it.

    Args:
        kind: "table", "chart", "facts" or "text".
        part: the part.
        drawing: the SVG of a chart.
    """

    kind: str
    part: Any
    drawing: str = ""


@dataclass(frozen=True)
class Chapter:
    """A heading and its parts as a template shows them."""

    heading: str
    parts: tuple[Shown, ...]


def chapters(document: Document) -> list[Chapter]:
    """Return what a template needs to show a report."""
    return [
        Chapter(section.heading, tuple(_shown(section)))
        for section in document.sections
    ]


def write_page(document: Document, file: IO[bytes]) -> None:
    """
    Write a report as one HTML file, without scripts, links or pictures from elsewhere.

    Args:
        document: the report.
        file: open for writing bytes.
    """
    context = {"document": document, "chapters": chapters(document)}
    page = render_to_string("jtsec/reports/file.html", context)
    file.write(page.encode("utf-8", "backslashreplace"))


def _shown(section: Section) -> Iterator[Shown]:
    for part in section.parts:
        match part:
            case Table():
                yield Shown("table", _printable(part))
            case Chart():
                yield Shown("chart", part, _drawing(part))
            case Facts():
                rows = [(label, _text(value)) for label, value in part.rows]
                yield Shown("facts", Facts(rows))
            case Paragraph():
                yield Shown("text", part)


def _printable(table: Table) -> Table:
    rows = [[_text(cell) for cell in row] for row in table.rows]
    return Table(table.caption, table.head, rows, table.widths, table.empty)


def _text(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, int) else printable(cell)


def _drawing(chart: Chart) -> str:
    if chart.is_empty:
        return ""
    draw = lines if chart.kind == LINE else bars
    return draw(chart.caption, chart.labels, chart.series)
