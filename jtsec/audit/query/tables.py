"""
Tables that leave as files, CSV and xlsx, with a head that says what they are.

The head names who took it, when, under which conditions, how many rows, and the SM3 of
the rows; so a copy that was changed, or cut, shows it. The SM3 is over the rows as CSV
(UTF-8, CRLF, the line of labels included), in both forms the same.

A cell that begins as a formula does stays text: somebody may register `=HYPERLINK(…)`
as a name and wait for an auditor to open the table.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO, Final

from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError
from jtsec.core.table_cells import csv_line
from jtsec.crypto import sm3

IN_MEMORY: Final = 4 << 20
CELL: Final = 32_767
"""Characters that a cell of a workbook takes."""

CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
XLSX: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

FORMS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class LibraryMissing(ConfigurationError):
    """Says that the library for workbooks is not installed."""


@dataclass
class Head:
    """
    What stands above the rows.

    Args:
        title: what the table is.
        who: who took it.
        when: when, as text.
        conditions: the filter in words.
        note: what else must be known, such as that the table was cut.
    """

    title: str
    who: str
    when: str
    conditions: str
    note: str = ""


@dataclass(frozen=True)
class Made:
    """A finished file: its bytes, how many rows it holds, and their SM3."""

    file: IO[bytes]
    count: int
    sm3: str


def write_table(
    form: str, head: Head, labels: Sequence[str], rows: Iterable[Sequence[str]]
) -> Made:
    """
    Return a table as a file, to be read from its beginning.

    Args:
        form: one of `FORMS`.
        head: what stands above it; its note may be written while rows are read.
        labels: the heads of its columns.
        rows: its rows as text; read once.

    Raises:
        LibraryMissing: the form needs a library that is not installed.
        KeyError: there is no such form.
    """
    write = {"csv": _as_csv, "xlsx": _as_xlsx}[form]
    # The number of the rows and their SM3 stand in front of them: first set aside.
    with SpooledTemporaryFile(IN_MEMORY, mode="w+", encoding="utf-8") as aside:
        hashed, count = sm3.new(_csv_line(labels)), 0
        for row in rows:
            hashed.update(_csv_line(row))
            aside.write(json.dumps(list(row)) + "\n")
            count += 1
        aside.seek(0)
        digest = hashed.hexdigest()
        facts = _facts(head, count, digest)
        return Made(write(facts, _kept(labels, aside)), count, digest)


def _facts(head: Head, count: int, digest: str) -> list[tuple[str, str]]:
    facts = [
        (_("Table"), head.title),
        (_("Taken by"), head.who),
        (_("Taken at"), head.when),
        (_("Conditions"), head.conditions),
        (_("Rows"), str(count)),
        (_("SM3 of the rows"), digest),
    ]
    return [*facts, (_("Note"), head.note)] if head.note else facts


def _kept(labels: Sequence[str], aside: IO[str]) -> Iterator[Sequence[str]]:
    yield labels
    for line in aside:
        yield json.loads(line)


def _as_csv(facts: Iterable[Sequence[str]], rows: Iterable[Sequence[str]]) -> IO[bytes]:
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    # The mark by which table programs know the encoding.
    file.write(codecs.BOM_UTF8)
    for fact in facts:
        file.write(_csv_line(fact))
    file.write(b"\r\n")
    for row in rows:
        file.write(_csv_line(row))
    file.seek(0)
    return file


def _csv_line(cells: Iterable[str]) -> bytes:
    return csv_line(cells).encode("utf-8", "backslashreplace")


def _as_xlsx(
    facts: Iterable[Sequence[str]], rows: Iterable[Sequence[str]]
) -> IO[bytes]:
    try:
        import xlsxwriter  # noqa: PLC0415 - comes with the extra `report`
    except ImportError as error:
        sentence = _("Workbooks need the extra report: pip install jtsec[report]")
        raise LibraryMissing(sentence) from error
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book = xlsxwriter.Workbook(file, XLSX)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    number = 0
    for number, (label, value) in enumerate(facts):
        sheet.write_string(number, 0, label, bold)
        sheet.write_string(number, 1, _cell(value))
    begin = number + 2
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            # Written as text and never guessed: "=1+1" is somebody's name.
            sheet.write_string(
                begin + place, column, _cell(cell), None if place else bold
            )
    sheet.freeze_panes(begin + 1, 0)
    book.close()
    file.seek(0)
    return file


def _cell(text: str) -> str:
    """Return a text that a workbook can hold: XML knows no control characters."""
    return CONTROL.sub("\ufffd", text)[:CELL]
