"""The formats page says what the code does: its vectors are computed here."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from jtsec.crypto import envelope, sm4
from jtsec.crypto.sm2 import PrivateKey, PublicKey
from jtsec.crypto.sm2_contract import Sm2Provider

pytestmark = pytest.mark.clause("A6.3")
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"
TEXT = PAGE.read_text(encoding="utf-8")


def vector(name: str) -> dict[str, str]:
    """Returns the vector of that name on the page."""
    blocks = re.findall(r"^```json\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    found: dict[str, dict[str, str]] = {b["vector"]: b for b in map(json.loads, blocks)}
    return found[name]


def test_the_symmetric_envelope_is_as_written() -> None:
    """Given key and nonce, every byte of the envelope follows."""
    case = vector("envelope-01")
    key, aad = bytes.fromhex(case["key"]), case["aad"].encode()
    plaintext, blob = case["plaintext"].encode(), bytes.fromhex(case["envelope"])
    name = case["key_id"].encode()
    head = bytes([0xB1, 1, len(name)]) + name
    nonce = bytes.fromhex(case["nonce"])
    sealed = sm4.encrypt_with_nonce(key, nonce, plaintext, aad=head + aad)
    assert blob == head + sealed
    assert envelope.read_header(blob).key_id == case["key_id"]
    assert envelope.open_symmetric(blob, sm4.Gcm(key), aad) == plaintext


def test_the_hybrid_envelope_is_as_written(provider: Sm2Provider) -> None:
    """The page's envelope opens with the page's key, in each provider."""
    case = vector("envelope-02")
    key, blob = PrivateKey(int(case["d"], 16)), bytes.fromhex(case["envelope"])
    assert envelope.read_header(blob).key_id == case["key_id"]
    context = case["context"].encode()
    opened = envelope.open_with(key, blob, context=context)
    assert opened == case["plaintext"].encode()


def test_signature_and_ciphertext_are_as_written(provider: Sm2Provider) -> None:
    """The page's signature verifies, and both forms of its ciphertext open."""
    case = vector("sm2-signature")
    public = PrivateKey(int(case["d"], 16)).public
    public.verify(case["message"].encode(), bytes.fromhex(case["der"]))
    case = vector("sm2-ciphertext")
    key, plaintext = PrivateKey(int(case["d"], 16)), case["plaintext"].encode()
    assert key.decrypt(bytes.fromhex(case["der"])) == plaintext
    assert key.decrypt_raw(bytes.fromhex(case["raw"])) == plaintext


def test_key_files_are_as_written() -> None:
    """The page's files are what the page's scalar is written as."""
    case = vector("key-file")
    private, public = re.findall(r"^```pem\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    key = PrivateKey(int(case["d"], 16))
    assert (key.to_pem(), key.public.to_pem()) == (private, public)
    assert PrivateKey.from_pem(private) == key
    assert PublicKey.from_pem(public).fingerprint() == case["fingerprint"]
