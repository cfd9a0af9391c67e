"""The form of a locked key file, as docs/reference/formats.md has it."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jtsec.keys.api import KeyFileCorrupt
from jtsec.pkcs11.form import dump_locked, parse_locked
from tests.crypto.test_formats import vector


@pytest.mark.clause("A10.3")
def test_the_locked_file_is_as_written():
    """Whoever has the page and the token's key reads it without jtsec."""
    case = vector("locked-key-file")
    head, locked = parse_locked(case["file"].encode())
    opened = AESGCM(bytes.fromhex(case["key"])).decrypt(
        head.nonce, locked, head.authenticated()
    )
    assert opened == case["content"].encode()
    assert dump_locked(head, locked) == case["file"].encode()


def test_what_is_no_locked_file_is_refused():
    """Cut anywhere, another form, another kind of JSON: no half of it is believed."""
    whole = vector("locked-key-file")["file"].encode()
    broken = [whole[:cut] for cut in range(0, len(whole) - 2, 7)]
    content = json.loads(whole)
    for name in content:
        broken.append(json.dumps(content | {name: 7}).encode())
        broken.append(
            json.dumps({k: v for k, v in content.items() if k != name}).encode()
        )
    for data in (*broken, b"[]", b"7", b'""', b"\xff", b"[" * 100_000):
        with pytest.raises(KeyFileCorrupt):
            parse_locked(data)
