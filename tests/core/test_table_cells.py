"""Cells that a table program would calculate."""

from __future__ import annotations

import pytest

from jtsec.core.table_cells import csv_line, inert

pytestmark = pytest.mark.clause("A8.1")


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"])
def test_what_would_be_calculated_is_text(begin: str) -> None:
    """Narrow and wide signs alike."""
    assert inert(f"{begin}1+1") == f"'{begin}1+1"


@pytest.mark.parametrize("cell", ["", "李伟", "a=1", "2026-11-22"])
def test_anything_else_stays_as_it_is(cell: str) -> None:
    """Only the beginning counts."""
    assert inert(cell) == cell


@pytest.mark.parametrize("cell", ["x;=1+1", "x\t=1+1", "x,=1+1", 'x"=1+1', "x\r\n=1"])
def test_no_program_finds_a_cell_within_a_cell(cell: str) -> None:
    """Whichever separators it guesses: LibreOffice splits at `;` and tabs too."""
    quoted = cell.replace('"', '""')
    assert csv_line(["a", cell, "=1"]) == f'a,"{quoted}",\'=1\r\n'
