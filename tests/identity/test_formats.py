"""The formats page says what identity stores: its vectors are computed here."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path

import pytest

from django.contrib.auth import get_user_model

from jtsec.crypto.sm3 import KeyedMac
from jtsec.identity import adoption, ledger, seal
from jtsec.identity.login_names import fold_login_name, login_key
from jtsec.identity.models import Identity, Organization

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"


def vector(name: str) -> dict[str, str]:
    """Return the vector of a name on the page."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    found: dict[str, dict[str, str]] = {b["vector"]: b for b in map(json.loads, blocks)}
    return found[name]


def mac(case: dict[str, str], data: bytes) -> str:
    """Return the MAC under the key of a vector."""
    return KeyedMac(bytes.fromhex(case["key"])).mac(data).hex()


@pytest.mark.clause("A3.1.2")
def test_the_seal_is_as_written():
    """Every byte under it, and the seal."""
    case = vector("identity-seal")
    one = Identity(
        user=get_user_model()(pk=int(case["user"]), username=case["username"]),
        uid=uuid.UUID(case["uid"]),
        login_name=case["login_name"],
        login_key=login_key(case["username"]),
        name=case["name"],
        resident_id=case["resident_id"],
        is_police=True,
        number=case["number"],
        organisation=Organization(code=case["organisation"]),
        duty=case["duty"],
    )
    assert seal.sealed_bytes(one).hex() == case["bytes"]
    assert mac(case, seal.sealed_bytes(one)) == case["seal"]


def test_an_entry_of_the_ledger_is_as_written():
    """Kind, null byte, value."""
    case = vector("ledger")
    data = ledger.ledger_bytes(case["kind"], case["value"])
    assert mac(case, data) == case["digest"]


def test_an_adopted_password_is_as_written():
    """Bound to the UID."""
    case = vector("adopted-password")
    data = adoption.noted_bytes(uuid.UUID(case["uid"]), case["encoded"])
    assert mac(case, data) == case["mac"]


def test_a_login_key_is_as_written():
    """SM3 of the folded name."""
    case = vector("login-key")
    assert fold_login_name(case["login_name"]) == case["folded"]
    assert login_key(case["login_name"]) == case["login_key"]
