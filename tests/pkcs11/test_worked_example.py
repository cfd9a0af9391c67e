"""The provider for a card, as docs/how-to/keys.md shows it."""

from __future__ import annotations

import hmac
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from django.test import override_settings

from jtsec.crypto.sm3 import KeyedMac
from jtsec.keys import api as keys
from tests import keyring

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "keys.md"


class Pulled(Exception):
    """Says that the card does not answer."""


class Card:
    """What the example calls: two keys by number, in place of a vendor's library."""

    Error = Pulled
    equal = staticmethod(hmac.compare_digest)

    def __init__(self) -> None:
        self.is_there = True

    def serial_number(self) -> str:
        if not self.is_there:
            raise Pulled("gone")
        return "1"

    def hmac_sm3(self, number: int, data: bytes) -> bytes:
        return KeyedMac(bytes([number]) * 32).mac(data)

    def sm4_ctr(self, number: int, iv: bytes, data: bytes) -> bytes:
        return Cipher(SM4(bytes([number]) * 16), modes.CTR(iv)).encryptor().update(data)


@pytest.fixture
def card(monkeypatch):
    """Put the example and its card where the settings find them."""
    made, package = Card(), ModuleType("acme_keys")
    (code,) = re.findall(r"```python\n(# acme_keys.*?)```", PAGE.read_text(), re.DOTALL)
    vars(package).update(sdf=made)
    module = ModuleType("acme_keys.provider")
    monkeypatch.setitem(sys.modules, "acme_keys", package)
    monkeypatch.setitem(sys.modules, "acme_keys.provider", module)
    exec(code, vars(module))
    return made


@pytest.mark.clause("A10.3")
def test_the_page_shows_a_provider_that_works(card, tmp_path):
    """It makes, reads, rotates; altered is false, and without the card unavailable."""
    path = tmp_path / "k"
    with override_settings(
        JTSEC_KEYS_PROVIDER="acme_keys.provider.CardKeyProvider",
        JTSEC_KEYS_FILE=str(path),
    ):
        keys.create_key_file(path, keyring.error_private_key().public)
        keys.prepare_key(keys.Purpose.FIELD)
        assert keys.activate_key(keys.Purpose.FIELD) == "field-2"
        assert b"field-2" not in path.read_bytes()
        card.is_there = False
        keys.reload()
        with pytest.raises(keys.KeysUnavailable, match="gone"):
            keys.active(keys.Purpose.FIELD)
        card.is_there = True
        whole = bytearray(path.read_bytes())
        whole[50] ^= 1
        path.chmod(0o600)
        path.write_bytes(whole)
        with pytest.raises(keys.KeyFileCorrupt):
            keys.active(keys.Purpose.FIELD)
    keys.reload()
