"""The provider's own SM4-GCM, called as directly as it goes: what nobody can beat."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

NONCE_SIZE, TAG_SIZE = 12, 16

Call = Callable[..., bytes]


class Sealed(NamedTuple):
    """A value as the provider takes it, cut into its parts beforehand."""

    nonce: bytes
    body: bytes
    tag: bytes
    aad: bytes


def calls(key: bytes) -> tuple[Call, Call]:
    """Return sealing (nonce, plaintext, aad) and opening (nonce, body, tag, aad)."""
    try:
        import gmssl_pyx
    except ImportError:
        from jtsec.crypto.sm4 import CryptographyGcm

        engine = CryptographyGcm(key)
        return engine.seal, engine.open

    def seal(nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        body, tag = gmssl_pyx.sm4_gcm_encrypt(key, nonce, aad, plaintext)
        sealed: bytes = body + tag
        return sealed

    def open_(nonce: bytes, body: bytes, tag: bytes, aad: bytes) -> bytes:
        opened: bytes = gmssl_pyx.sm4_gcm_decrypt(key, nonce, aad, body, tag)
        return opened

    return seal, open_


class Values:
    """Many values outside of any table, sealed and opened by bare calls."""

    def __init__(self) -> None:
        self._seal, self._open = calls(os.urandom(16))
        self._sealed: list[Sealed] = []

    def seal(self, texts: list[tuple[str, bytes]]) -> None:
        """Seal texts, each with what it is bound to."""
        self._sealed = []
        for text, aad in texts:
            nonce = os.urandom(NONCE_SIZE)
            blob = self._seal(nonce, text.encode(), aad)
            self._sealed.append(Sealed(nonce, blob[:-TAG_SIZE], blob[-TAG_SIZE:], aad))

    def open(self) -> list[bytes]:
        """Open them all."""
        open_ = self._open
        return [open_(nonce, body, tag, aad) for nonce, body, tag, aad in self._sealed]
