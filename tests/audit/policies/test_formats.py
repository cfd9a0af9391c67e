"""The formats page says what a policy's seal is made of; its vector is made here."""

from __future__ import annotations

import json
import re
from pathlib import Path

from jtsec.audit.policies.models import AuditPolicy
from jtsec.audit.policies.seal import sealed_bytes
from jtsec.crypto.sm3 import KeyedMac

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "formats.md"


def test_the_seal_of_a_policy_is_as_written() -> None:
    """Every byte under it, and the seal."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    cases = (json.loads(block) for block in blocks)
    case = next(one for one in cases if one.get("vector") == "audit-policy-seal")
    policy = AuditPolicy(
        pk=7,
        scope="organisation",
        scope_value="330100000000",
        aspect="rule",
        target="out-of-hours",
        is_on=True,
        severity=30,
        thresholds={"times": ["00:00-24:00"], "weekdays": [1, 7]},
        version=2,
    )
    assert sealed_bytes(policy).hex() == case["bytes"]
    key = KeyedMac(bytes.fromhex(case["key"]))
    assert key.mac(sealed_bytes(policy)).hex() == case["seal"]
