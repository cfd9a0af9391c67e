"""
A report in neutral form: made once, written as a page, a Word file or a workbook.

Values are text and whole numbers. No writer ever takes a cell for a formula or a text
for markup: what somebody typed into a login form stands in these reports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

Cell = str | int
BARS: Final = "bars"
LINE: Final = "line"
TEXT_LIMIT: Final = 2000


@dataclass(frozen=True)
class Table:
    """
    A table.

    Args:
        caption: what it shows.
        head: the columns' names.
        rows: cells as wide as the head.
        widths: the columns' shares of the width; equal where there are none.
        empty: what is said where there is no row.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int] = ()
    empty: str = ""

    def __post_init__(self) -> None:
        width = len(self.head)
        if any(len(row) != width for row in self.rows):
            raise ValueError(f"table {self.caption!r}: a row is not {width} cells wide")
        if self.widths and len(self.widths) != width:
            raise ValueError(f"table {self.caption!r}: {width} widths are needed")

    @property
    def shares(self) -> list[float]:
        """Return what part of the whole width each column takes; they add up to 1."""
        widths = self.widths or [1] * len(self.head)
        whole = sum(widths)
        return [width / whole for width in widths]


@dataclass(frozen=True)
class Chart:
    """
    A chart over categories.

    Args:
        caption: what it shows, also for who cannot see it.
        labels: the categories, in order.
        series: by name, one number a category.
        kind: `BARS`, or `LINE` for what runs on in time.
    """

    caption: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[int]]
    kind: str = BARS

    def __post_init__(self) -> None:
        if any(len(values) != len(self.labels) for values in self.series.values()):
            raise ValueError(f"chart {self.caption!r}: one number a label is needed")

    @property
    def is_empty(self) -> bool:
        """Answer whether there is nothing to see."""
        return not any(any(values) for values in self.series.values())


@dataclass(frozen=True)
class Facts:
    """Labelled values, such as the figures at the head of a report."""

    rows: Sequence[tuple[str, Cell]]


@dataclass(frozen=True)
class Paragraph:
    """A sentence or more."""

    text: str


Part = Table | Chart | Facts | Paragraph


@dataclass(frozen=True)
class Section:
    """A chapter: a heading and what stands below it, in order."""

    heading: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Document:
    """
    A whole report.

    Args:
        title: its name.
        facts: what it is about: system, period, who made it and when.
        sections: its chapters.
        signatures: places to sign, as a form needs them.
    """

    title: str
    facts: Sequence[tuple[str, Cell]]
    sections: Sequence[Section]
    signatures: Sequence[str] = field(default=())


def printable(text: str) -> str:
    """
    Return a text that every form of file can hold.

    Log columns repeat what strangers typed. XML knows no control characters at all, a
    cell no more than 32,767 characters, and a direction mark would turn a line round.
    """
    cut = text if len(text) <= TEXT_LIMIT else f"{text[:TEXT_LIMIT]}…"
    if cut.isprintable():
        return cut
    return "".join(
        one if one.isprintable() or one == "\n" else f"\\u{{{ord(one):x}}}"
        for one in cut
    )
