"""A sealed log of several checkpoints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jtsec.audit.sealing.api import seal_now
from tests.audit.sealing.log import grant


@dataclass
class Log:
    """
    A log of three checkpoints of four records each.

    Args:
        ids: the ids of all its records, ascending.
        anchor: the file that is its anchor.
    """

    ids: list[int]
    anchor: Path

    def of(self, number: int) -> list[int]:
        """Return the ids of one checkpoint's records."""
        return self.ids[4 * (number - 1) : 4 * number]


@pytest.fixture
def log(transactional_db: None, settings: Any, tmp_path: Path) -> Log:
    """Return a log with its anchor."""
    anchor = tmp_path / "anchor.log"
    settings.JTSEC_AUDIT_ANCHORS = [f"file:{anchor}"]
    ids: list[int] = []
    for _ in range(3):
        ids += grant(4)
        seal_now()
    return Log(ids, anchor)
