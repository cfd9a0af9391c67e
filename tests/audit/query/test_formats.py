"""The formats page says what an exported table looks like; its vector is made here."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from jtsec.audit.query.tables import Head, write_table
from jtsec.crypto import sm3

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "formats.md"


@pytest.mark.clause("A5.10")
def test_an_exported_table_is_as_written() -> None:
    """The lines of the rows, and the SM3 over them, in both forms."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    vectors: dict[str, Any] = {one["vector"]: one for one in map(json.loads, blocks)}
    case = vectors["exported-table"]
    head = Head("表", "谁", "何时", "条件")
    for form in ("csv", "xlsx"):
        made = write_table(form, head, case["labels"], case["rows"])
        with made.file as file:
            data = file.read()
        assert made.sm3 == case["sm3"]
        if form == "csv":
            lines = data.partition(b"\r\n\r\n")[2]
            assert lines.decode() == case["lines"]
            assert sm3.hexdigest(lines) == case["sm3"]
