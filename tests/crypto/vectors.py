"""Reads the known answers under tests/vectors, each of which names its source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "vectors"


def load(name: str) -> dict[str, Any]:
    """Returns one file of known answers."""
    answers: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return answers
