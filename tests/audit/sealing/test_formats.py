"""The formats page says what the code does: its vectors are computed here."""

from __future__ import annotations

from typing import Any

import pytest

from jtsec.audit.sealing.anchor import line_of, parse_line
from jtsec.audit.sealing.body import hash_of, parse_body
from jtsec.audit.sealing.leaf import leaf_data, leaf_of
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.crypto import merkle
from jtsec.crypto.sm2 import PrivateKey
from tests.audit.test_formats import vector

pytestmark = pytest.mark.clause("A5.8")


def test_a_leaf_is_as_written():
    """Its data byte for byte, and their hash."""
    case = vector("audit-leaf")
    parts = (
        int(case["id"]),
        case["mac_key_id"],
        bytes.fromhex(case["mac"]),
        case["payload"].encode(),
    )
    assert leaf_data(*parts).hex() == case["data"]
    assert leaf_of(*parts).hex() == case["leaf"]


def test_a_checkpoint_is_as_written():
    """Body, signature, hash, root over its records, and a path to it."""
    case: dict[str, Any] = dict(vector("audit-checkpoint"))
    content, signature = case["body"].encode(), bytes.fromhex(case["signature"])
    body = parse_body(content)
    assert body.to_bytes() == content
    public = PrivateKey(int(case["d"], 16)).public
    public.verify(content, signature)
    assert body.public == public.fingerprint()
    assert hash_of(content, signature).hex() == case["hash"]
    assert list(body.members()) == case["ids"]
    leaves = [
        leaf_of(one, case["mac_key_id"], bytes.fromhex(case["mac"]), payload.encode())
        for one, payload in zip(body.members(), case["payloads"], strict=True)
    ]
    assert merkle.root(leaves) == body.root
    path = [bytes.fromhex(one) for one in case["path_of_6"]]
    assert merkle.root_from_path(leaves[2], 2, body.count, path) == body.root


def test_a_line_of_an_anchor_is_as_written():
    """It is made of the checkpoint, and read back."""
    case, line = vector("audit-checkpoint"), vector("audit-anchor-line")["line"]
    content, signature = case["body"].encode(), bytes.fromhex(case["signature"])
    row = AuditCheckpoint(
        body=content, signature=signature, hash=bytes.fromhex(case["hash"])
    )
    assert line_of(row) == line
    read = parse_line(line)
    assert read is not None
    assert (read.number, read.hash.hex()) == (2, case["hash"])
    assert (read.body, read.signature) == (content, signature)
