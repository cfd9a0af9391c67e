"""The reference pages say what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from django.core.management import CommandError, call_command

from jtsec.management.reference import pages

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_generated_page_is_up_to_date(name: str) -> None:
    """Run `python -m django jtsec_reference docs/reference` after a change."""
    assert (REFERENCE / name).read_text("utf-8") == pages()[name]


def test_a_stale_page_is_named(tmp_path: Path) -> None:
    """The comparison is no mere look."""
    call_command("jtsec_reference", str(tmp_path))
    (tmp_path / "settings.md").write_text("old")
    with pytest.raises(CommandError, match=r"settings\.md"):
        call_command("jtsec_reference", str(tmp_path), check=True)


@pytest.mark.parametrize(
    "number", ["E060", "E063", "E112", "E114", "E115", "E210", "E213", "E216", "E334"]
)
def test_every_check_is_on_its_page(number: str) -> None:
    """Those too that a field makes, or that a list of several holds."""
    (line,) = (
        one for one in pages()["checks.md"].splitlines() if f"`jtsec.{number}`" in one
    )
    assert len(line.split("|")[2].strip()) > 20
