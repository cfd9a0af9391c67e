"""
What a provider of the SM2 arithmetic must do.

A provider works on numbers and digests; hashing, identifiers, DER and PEM are the same
for all and live in `sm2` and `sm2_keyfile`. Points handed to a provider were checked
to lie on the curve, scalars and signatures to be in range, plaintexts not to be empty.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple


class KeyPair(NamedTuple):
    """A private scalar and its public point, as numbers."""

    d: int
    x: int
    y: int

    def __repr__(self) -> str:
        """Hides the scalar, so that no log or traceback shows it."""
        return f"KeyPair(d=<hidden>, x={self.x:#x}, y={self.y:#x})"


class SealedParts(NamedTuple):
    """An SM2 ciphertext in its parts (GB/T 32918.4-2016): C1 = (x, y), C3, C2."""

    x: int
    y: int
    c3: bytes
    c2: bytes


class Sm2Provider(ABC):
    """Does the SM2 arithmetic of GB/T 32918; an instance serves several threads."""

    name: str

    @abstractmethod
    def generate(self) -> KeyPair:
        """Returns a pair with d uniform in [1, n-2], from the system's randomness."""

    @abstractmethod
    def public_point(self, d: int) -> tuple[int, int]:
        """Returns the public point of a private scalar."""

    @abstractmethod
    def sign(self, d: int, digest: bytes) -> tuple[int, int]:
        """Returns (r, s), both in [1, n-1], over a 32-byte digest e."""

    @abstractmethod
    def verify(self, x: int, y: int, digest: bytes, r: int, s: int) -> bool:
        """Says whether (r, s), both in [1, n-1], is a signature over digest e."""

    @abstractmethod
    def encrypt(self, x: int, y: int, plaintext: bytes) -> SealedParts:
        """Returns the ciphertext of at least one byte to the public point."""

    @abstractmethod
    def decrypt(self, d: int, parts: SealedParts) -> bytes:
        """Returns the plaintext, or raises `DecryptionFailed` and releases nothing."""
