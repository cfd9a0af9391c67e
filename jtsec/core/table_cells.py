"""Cells of tables that a person opens in a table program (clause A8.1, CWE-1236)."""

from __future__ import annotations

from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - East Asian table programs read the wide ones as the narrow
"""What a cell that is calculated begins with."""


def inert(cell: str) -> str:
    """
    Return a cell that no table program takes for a formula.

    A visitor's name such as `=HYPERLINK(…)` would act in the hands of the auditor who
    opens the export.
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell
