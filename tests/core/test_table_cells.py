"""Cells that a table program would calculate."""

from __future__ import annotations

import pytest

from jtsec.core.table_cells import inert

pytestmark = pytest.mark.clause("A8.1")


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"])
def test_what_would_be_calculated_is_text(begin: str) -> None:
    """Narrow and wide signs alike."""
    assert inert(f"{begin}1+1") == f"'{begin}1+1"


@pytest.mark.parametrize("cell", ["", "李伟", "a=1", "2026-11-22"])
def test_anything_else_stays_as_it_is(cell: str) -> None:
    """Only the beginning counts."""
    assert inert(cell) == cell
