"""The formats page says what transient entries are: its vector is opened here."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from jtsec.crypto import envelope
from jtsec.keys import api as keys
from jtsec.protection.transient import sealing

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "formats.md"


@pytest.mark.clause("T7.4")
def test_an_entry_is_as_written() -> None:
    """Label, inner key, both layers."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    found = {one["vector"]: one for one in map(json.loads, blocks)}
    case = found["transient-entry"]
    ends_at = datetime.fromisoformat(case["ends_at"])
    place = (case["session"], case["business"], case["name"])
    label = sealing.label_of(*place, ends_at)
    assert label.decode() == case["label"]
    secret = case["cookie"].encode() + bytes.fromhex(case["business_secret"])
    inner, salt = bytes.fromhex(case["inner"]), bytes.fromhex(case["salt"])
    key_id, gcm = keys.active_gcm(keys.Purpose.FIELD)
    blob = envelope.seal_symmetric(key_id, gcm, inner, sealing.CONTEXT + label)
    data = sealing.open_sealed(secret, salt, label, blob)
    assert data.hex() == case["data"]
    assert sealing.from_data(data) == {"姓名": "张三"}
