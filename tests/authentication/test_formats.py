"""The stored forms of passwords and counters: the documentation, letter by letter."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from jtsec.authentication import history
from jtsec.authentication.binding import (
    Owner,
    StoredValue,
    framed,
    hash_for,
    parse,
    tag_of,
)
from jtsec.authentication.counters import digest_of
from jtsec.authentication.hashers import JtsecArgon2Hasher
from jtsec.crypto import sm3
from jtsec.keys import api as keys

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"


def vector(name: str) -> dict[str, Any]:
    """Return a vector of the page."""
    for block in re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        found: dict[str, Any] = json.loads(block)
        if found["vector"] == name:
            return found
    raise LookupError(name)


@pytest.fixture(autouse=True)
def pepper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the key of the page for every MAC."""
    key = bytes.fromhex(vector("stored-password")["key"])
    monkeypatch.setattr(keys, "mac_with", lambda key_id, data: sm3.hmac(key, data))


@pytest.mark.clause("A3.2.5")
def test_a_stored_password() -> None:
    """Message, bound value and unbound value."""
    page = vector("stored-password")
    owner = Owner(uuid.UUID(page["uid"]), page["name"])
    password = page["password"].encode()
    parts = owner.uid.bytes, owner.name.encode(), password
    assert framed(b"jtsec.password.bound.1", *parts).hex() == page["message"]
    for encoded, whose in ((page["stored"], owner), (page["unbound"], None)):
        stored = parse(encoded)
        tag = tag_of(
            password,
            whose,
            pepper=stored.pepper,
            salt=stored.salt.encode(),
            profile=stored.profile,
        )
        uid = whose.uid if whose else None
        made = StoredValue(stored.pepper, uid, stored.profile, stored.salt, tag)
        assert str(made) == encoded
    with hash_for(owner):
        assert JtsecArgon2Hasher().verify(page["password"], page["stored"])


def test_a_former_password() -> None:
    """With the salt that is derived from the UID."""
    page = vector("former-password")
    kind = history._kind_of(page["stored"])
    assert kind is not None
    uid = uuid.UUID(page["uid"])
    assert history._encode(page["password"].encode(), uid, *kind) == page["stored"]


def test_a_counters_digest() -> None:
    """The key of counters and blocks."""
    page = vector("counter-digest")
    assert digest_of(page["dimension"], page["subject"]) == page["digest"]
