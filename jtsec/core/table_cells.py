"""Cells of tables that a person opens in a table program (clause A8.1, CWE-1236)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - East Asian table programs read the wide ones as the narrow
"""What a cell that is calculated begins with."""


QUOTED: Final = frozenset(',;\t"\r\n')
"""What a cell of a CSV is quoted for: every separator that a table program guesses."""


def csv_line(cells: Iterable[str]) -> str:
    """
    Return cells as one line of a CSV (RFC 4180), none of which is calculated.

    Not by the module `csv`: it leaves `x;=1+1` bare where a comma separates, and
    programs that split at semicolons and tabs too calculate what stands behind.
    """
    return ",".join(map(_quoted, map(inert, cells))) + "\r\n"


def inert(cell: str) -> str:
    """
    Return a cell that no table program takes for a formula.

    A visitor's name such as `=HYPERLINK(…)` would act in the hands of the auditor who
    opens the export.
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _quoted(cell: str) -> str:
    if QUOTED.isdisjoint(cell):
        return cell
    return '"' + cell.replace('"', '""') + '"'
