"""The formats page says what a row's seal is made of; its vector is computed here."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from jtsec.authentication.models import Account
from jtsec.crypto.sm3 import KeyedMac
from jtsec.fields.row_seal import sealed_bytes

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"


def test_the_seal_of_an_account_is_as_written() -> None:
    """Every byte under it, and the seal."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    case = next(b for b in map(json.loads, blocks) if b["vector"] == "row-seal")
    account = Account(
        user_id=1,
        valid_until=datetime(2027, 1, 1, tzinfo=UTC),
        password_set_at=datetime(2026, 1, 1, tzinfo=UTC),
        networks=["10.1.0.0/16"],
        places={"一号窗口": ["10.1.2.0/24"]},
        weekdays=["workdays", 6],
        hours=["08:00-18:00"],
    )
    assert sealed_bytes(account).hex() == case["bytes"]
    key = KeyedMac(bytes.fromhex(case["key"]))
    assert key.mac(sealed_bytes(account)).hex() == case["seal"]
