"""The formats page says what the code does: its vectors are computed here."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path
from uuid import UUID

import pytest

from jtsec.audit.details import CONTEXT
from jtsec.audit.payload import canonical, parse
from jtsec.crypto import envelope, sm3, sm4
from jtsec.crypto.sm2 import PrivateKey
from jtsec.errors.sealing import from_text, open_code, reference_of

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"


def vector(name: str) -> dict[str, str]:
    """Return the vector of that name on the page."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    found: dict[str, dict[str, str]] = {b["vector"]: b for b in map(json.loads, blocks)}
    return found[name]


@pytest.mark.clause("A5.8")
def test_an_audit_record_is_as_written():
    """Canonical bytes, check value and encrypted details."""
    case = vector("audit-record")
    payload = case["payload"].encode()
    parsed = parse(payload)
    assert canonical(parsed) == payload
    assert sm3.hmac(bytes.fromhex(case["mac_key"]), payload).hex() == case["mac"]
    box, key = b64decode(parsed["sealed"]), bytes.fromhex(case["detail_key"])
    bound = CONTEXT + UUID(parsed["id"]).bytes
    assert envelope.open_symmetric(box, sm4.Gcm(key), bound).decode() == case["details"]
    head = box[: envelope.read_header(box).length]
    assert box == head + sm4.encrypt_with_nonce(
        key, bytes.fromhex(case["nonce"]), case["details"].encode(), aad=head + bound
    )


@pytest.mark.clause("A10.1")
def test_an_error_code_is_as_written():
    """The code on the page opens with the private key on the page."""
    case = vector("error-code")
    code = from_text(case["code"])
    assert reference_of(code) == case["reference"]
    report = open_code(code, PrivateKey(int(case["d"], 16)))
    assert (report.kind, report.trace) == (case["kind"], case["trace"])
