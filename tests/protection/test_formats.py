"""The formats page says what seals and roots are made of; its vectors are computed."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jtsec.crypto import sm3
from jtsec.crypto.exceptions import InvalidInput
from jtsec.crypto.sm4_blocks import Blocks
from jtsec.protection import seal
from jtsec.protection.canonical import encode, plain
from jtsec.protection.declaration import sealed_plan
from jtsec.protection.lane_state import adder_of, unpack
from tests.plainapp.models import Permit

pytestmark = pytest.mark.clause("A6.1")
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"
CONTEXT = b"jtsec-table-root\x01"


def vector(name: str) -> dict[str, Any]:
    """Return the vector of that name on the page."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    found: dict[str, Any] = {one["vector"]: one for one in map(json.loads, blocks)}
    case: dict[str, Any] = found[name]
    return case


def test_a_seal_is_made_as_the_page_says() -> None:
    """By hand, and by the code."""
    case = vector("sealed-row")
    nonce, key = bytes.fromhex(case["nonce"]), bytes.fromhex(case["key"])
    data = b"jtsec-sealed-row\x01" + nonce + (case["head"] + case["values"]).encode()
    key_id = case["key_id"].encode()
    blob = b"\x01\x00\x02" + nonce + bytes([len(key_id)]) + key_id
    assert (blob + sm3.hmac(key, data)).hex() == case["seal"]
    values = {
        "plate": "粤A12345",
        "holder_id": 3,
        "issued": datetime(2026, 11, 22, 1, 2, 3, 4, tzinfo=UTC),
        "fee": Decimal("1.50"),
        "day": date(2026, 2, 3),
        "facts": {"b": [1.0, None], "a": "x"},
        "phone": "13800000000",
        "is_open": True,
    }
    plan = sealed_plan(Permit)
    assert seal.make(plan, 7, values, nonce).hex() == case["seal"]
    stored = {**values, "seal": bytes.fromhex(case["seal"])}
    assert seal.verify(plan, 7, stored).nonce == nonce


def test_a_lane_is_made_as_the_page_says() -> None:
    """By hand, and read by the code."""
    case = vector("table-root-lane")
    key, table = bytes.fromhex(case["key"]), case["table"]
    name = f'["{table}",{case["lane"]},"{case["token"]}"]'.encode()
    adding = sm3.hmac(key, CONTEXT + b"adder\x00" + table.encode())[:16]
    total = int.from_bytes(Blocks(adding).permute(bytes.fromhex(case["nonce"])), "big")
    assert f"{total:032x}" == case["total"]
    mask = int.from_bytes(sm3.hmac(key, CONTEXT + b"mask\x00" + name)[:16], "big")
    body = b"\x01" + case["serial"].to_bytes(8, "big")
    body += case["count"].to_bytes(8, "big", signed=True)
    body += ((total + mask) % (1 << 128)).to_bytes(16, "big")
    mac = sm3.hmac(key, CONTEXT + b"lane\x00" + name + body)
    assert (body + mac).hex() == case["state"]
    adder = adder_of(table, "seal-1")
    blob = bytes.fromhex(case["state"])
    state = unpack(table, case["lane"], adder, case["token"], blob)
    assert (state.serial, state.count, state.total) == (9, 1, total)


@pytest.mark.parametrize(
    "values",
    [
        [1, '京\u2028"\\', None, True, 1.5, -0.0, 1e300],
        [{"b": 1, "a": [{"d": 2, "c": 3}]}, Decimal("1.50"), b"\x00", []],
    ],
)
def test_the_encoder_writes_what_any_json_encoder_does(values: list[Any]) -> None:
    """Made once and kept, it gives the bytes of the ordinary one."""
    ordinary = json.dumps(values, sort_keys=True, separators=(",", ":"), default=plain)
    assert encode(values) == ordinary


def test_the_permutation_is_sm4() -> None:
    """The standard's example (GB/T 32907-2016, A.1), and nothing but whole blocks."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    assert Blocks(key).permute(key).hex() == "681edf34d206965e86b3e94f536e4246"
    assert Blocks(key).permute(b"") == b""
    for wrong in (lambda: Blocks(key[1:]), lambda: Blocks(key).permute(b"x")):
        with pytest.raises(InvalidInput):
            wrong()
