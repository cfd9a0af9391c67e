"""Reads a CSV file of people: its form only, not who they are."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError

if TYPE_CHECKING:
    from _csv import Reader

COLUMNS: Final = (
    "username",
    "name",
    "resident_id",
    "is_police",
    "number",
    "organisation",
    "organisation_name",
    "duty",
)
OPTIONAL: Final = frozenset({"organisation_name"})
ENCODINGS: Final[Mapping[str, str]] = MappingProxyType(
    {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
)
LARGEST: Final = 20_000_000
"""Bytes; about 150,000 people."""

MOST_NAMED: Final = 20
LONGEST_NAMED: Final = 500
"""Of columns that are wrong: how many are told, and in how many characters."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with one line; `column` is "" for the whole line."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One person: where the line begins in the file, and its values by column."""

    line: int
    values: Mapping[str, str]


class UnusableFile(InputError):
    """Says that a file cannot be read as a table of people at all."""


def read_rows(data: bytes, encoding: str = "utf-8") -> tuple[list[Row], list[Fault]]:
    """
    Return the lines of a file, and the lines that have not as many fields as columns.

    Args:
        data: the file, with or without a byte order mark.
        encoding: a key of `ENCODINGS`.

    Raises:
        UnusableFile: it is too large, in another encoding, no CSV, or its columns are
            not those of `COLUMNS`.
    """
    reader = csv.reader(io.StringIO(_decoded(data, encoding), newline=""), strict=True)
    try:
        header = [column.strip() for column in next(reader, [])]
        _require_columns(header)
        return _rows(reader, header)
    except csv.Error as error:
        message = _("Line %(line)d is not CSV: %(error)s.")
        raise UnusableFile(
            message % {"line": reader.line_num, "error": error}
        ) from error


def _rows(reader: Reader, header: list[str]) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = []
    faults: list[Fault] = []
    start = reader.line_num + 1
    for fields in reader:
        if any(field.strip() for field in fields):
            if len(fields) == len(header):
                values = dict(zip(header, map(str.strip, fields), strict=True))
                rows.append(Row(start, MappingProxyType(values)))
            else:
                message = _("There are %(found)d fields instead of %(wanted)d.")
                counts = {"found": len(fields), "wanted": len(header)}
                faults.append(Fault(start, "", message % counts))
        start = reader.line_num + 1
    return rows, faults


def _decoded(data: bytes, encoding: str) -> str:
    if len(data) > LARGEST:
        message = _("The file is larger than %(limit)d bytes.")
        raise UnusableFile(message % {"limit": LARGEST})
    try:
        return data.decode(ENCODINGS[encoding])
    except UnicodeDecodeError as error:
        message = _(
            "The file is not in %(encoding)s (byte %(at)d); see the option --encoding."
        )
        raise UnusableFile(
            message % {"encoding": encoding, "at": error.start}
        ) from error


def _require_columns(header: list[str]) -> None:
    strange = sorted({ascii(column) for column in header if column not in COLUMNS})
    missing = [one for one in COLUMNS if one not in header and one not in OPTIONAL]
    times = Counter(header)
    twice = sorted(column for column in COLUMNS if times[column] > 1)
    for message, columns in (
        (_("Unknown columns: %(columns)s. Known: %(known)s."), strange),
        (_("Missing columns: %(columns)s. Known: %(known)s."), missing),
        (_("Columns that stand there twice: %(columns)s. Known: %(known)s."), twice),
    ):
        if columns:
            named = ", ".join(columns[:MOST_NAMED])[:LONGEST_NAMED]
            known = {"columns": named, "known": ", ".join(COLUMNS)}
            raise UnusableFile(message % known)
