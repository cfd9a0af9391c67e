"""The vectors of docs/reference/formats.md."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"


def vector(name: str) -> dict[str, Any]:
    """Return the one vector of this name."""
    blocks = re.findall(r"^```json\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    found = [json.loads(block) for block in blocks]
    (case,) = [one for one in found if one.get("vector") == name]
    return dict(case)
