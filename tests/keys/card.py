"""A key provider as hardware would be: its keys have no material."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace

from jtsec.crypto import sm2
from jtsec.crypto.sm3 import KeyedMac
from jtsec.crypto.sm4 import Gcm
from jtsec.keys.key import Algorithm, Key
from jtsec.keys.provider import KeyProvider
from tests import keyring


class CardProvider(KeyProvider):
    """Keeps the material to itself and does the work."""

    def __init__(self) -> None:
        self._inside = {key.id: key for key in keyring.known_ring("card")}

    def version(self) -> Hashable:
        """Return the serial number."""
        return "card 1"

    def keys(self) -> Iterable[Key]:
        """Return the keys; only the public one has material."""
        for key in self._inside.values():
            public = key.algorithm is Algorithm.SM2_PUBLIC
            yield key if public else replace(key, material=None)

    def gcm(self, key: Key) -> Gcm:
        """Return the cipher."""
        return Gcm(self._inside[key.id].secret)

    def keyed_mac(self, key: Key) -> KeyedMac:
        """Return the MAC."""
        return KeyedMac(self._inside[key.id].secret)

    def private_key(self, key: Key) -> sm2.PrivateKey:
        """Return the signer."""
        return sm2.PrivateKey.from_pem(self._inside[key.id].secret)
