"""The formats page says what the proof is: its vector is verified here."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jtsec.audit.proof import ProofRefused, verify_proof
from jtsec.crypto.sm2 import PublicKey
from tests.audit.test_formats import vector

pytestmark = pytest.mark.clause("A5.8")


def test_a_proof_is_as_written() -> None:
    """It is accepted with the key on the page, and not with one more member."""
    case: dict[str, Any] = dict(vector("audit-proof"))
    proof, key = case["proof"], PublicKey.from_pem(case["public_pem"])
    proved = verify_proof(json.dumps(proof).encode(), key)
    assert (proved.record_id, proved.checkpoint.number) == (
        case["record"],
        case["checkpoint"],
    )
    with pytest.raises(ProofRefused):
        verify_proof(json.dumps(proof | {"size": 4}).encode(), key)
