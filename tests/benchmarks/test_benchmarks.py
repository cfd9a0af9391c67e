"""The benchmarks still run; how fast anything is, no test says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import end_leakage, page
from benchmarks.__main__ import TINY
from benchmarks.measuring import Table, interleaved, ratio
from tests.databases import RUN_DIRECTORY
from tests.thoroughness import sized

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.postgres
def test_measurements_run_on_tiny_sizes(tmp_path: Path) -> None:
    """Each one ends, prints its table, and leaves it in its place on the page."""
    names = sized(("fields", "rotation"), tuple(TINY))
    kept = tmp_path / "page.md"
    kept.write_text((ROOT / "docs/explanation/performance.md").read_text())
    # A folder of its own: the run's PostgreSQL is there for the tests.
    environment = {k: v for k, v in os.environ.items() if k != RUN_DIRECTORY}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *names, "--tiny", "--keep", str(kept)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for name in names:
        assert f"== {name}" in done.stdout
        figures = kept.read_text().split(f"<!-- figures: {name} -->")[1]
        assert "| ---" in figures.split("<!-- end")[0]
    assert ("forty" not in names) or "4 of 4" in done.stdout


def test_projects_take_turns_and_ratios_are_those_of_a_round() -> None:
    """A busy moment strikes all of a round, and so leaves its ratio alone."""
    order: list[str] = []
    busy = iter((1, 1, 10, 10, 1, 1))

    def measure(name: str) -> float:
        order.append(name)
        return next(busy) * (1.0 if name == "a" else 1.5)

    found = interleaved(("a", "b"), 3, measure)
    assert order == ["a", "b", "b", "a", "a", "b"]
    spread = ratio(found["b"], found["a"])
    assert (spread.middle, spread.low, spread.high) == (1.5, 1.5, 1.5)


def test_figures_are_kept_between_their_marks(tmp_path: Path) -> None:
    """A second run replaces the first; a page without a place is refused."""
    path = tmp_path / "page.md"
    path.write_text("a\n<!-- figures: x -->\nold\n<!-- end: x -->\nb\n")
    table = Table("One", ("what", "µs"), [("a", "1")], ["a note"])
    page.keep(path, "x", page.text_of(["two cores"], [table]))
    text = path.read_text()
    assert "old" not in text and "| a | 1 |" in text and "- two cores" in text
    assert text.startswith("a\n") and text.endswith("b\n")
    with pytest.raises(ValueError, match="no place for y"):
        page.keep(path, "y", "")


def test_the_leakage_of_an_end_is_as_the_page_says() -> None:
    """It depends on the assumed shares alone, and so on no machine."""
    page_text = (ROOT / "docs/explanation/blind-index.md").read_text(encoding="utf-8")
    for column in end_leakage.COLUMNS:
        leak = end_leakage.leak_of(column)
        assert f"| {leak.groups:,} | {leak.largest:,} | {leak.bits:.1f} " in page_text
        assert f"| {leak.guessed:.1%} |" in page_text
