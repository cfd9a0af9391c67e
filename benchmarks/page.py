"""The figures in the documentation: between two marks, replaced by each run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import Table


def text_of(machine: Sequence[str], tables: Sequence[Table]) -> str:
    """Return what one measurement leaves on the page."""
    told = "".join(f"- {line}\n" for line in machine)
    return "\n".join([*(table.text() for table in tables), "Measured on:\n\n" + told])


def keep(path: Path, name: str, text: str) -> None:
    """
    Put figures in the place of the former ones.

    Raises:
        ValueError: the page has no such place.
    """
    begin, end = f"<!-- figures: {name} -->", f"<!-- end: {name} -->"
    whole = path.read_text(encoding="utf-8")
    place = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not place.search(whole):
        raise ValueError(f"{path.name} has no place for {name}")
    changed = place.sub(lambda found: f"{begin}\n\n{text}\n{end}", whole)
    path.write_text(changed, encoding="utf-8")
