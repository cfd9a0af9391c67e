"""The page about formats names every one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jtsec.validation import api

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "formats.md"


@pytest.mark.parametrize(
    "name", [name for name in api.__all__ if name.startswith("check_")]
)
def test_every_check_stands_on_the_page(name: str):
    """One that is added without a line fails."""
    assert f"| `{name}` |" in PAGE.read_text("utf-8")
