"""
SM2 over the pure-Python package `gmssl`, of which only the point formulas are trusted.

Published versions of gmssl draw nonces from `random`, cut leading 0 and 4 digits off
keys, never compare C3, never check that C1 is on the curve or r and s in range, and
double a point wrongly at the end of a verification. None of that code runs here: this
module calls its point addition and doubling with coordinates of fixed width and does
the rest of GB/T 32918.2 and .4 itself.

Python integers do not compute in constant time. What can be evened out is: a secret
scalar is lengthened to 257 bits and costs one doubling and one addition for each bit,
whatever the bits are, and the inverse in signing is blinded.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final

from jtsec.crypto import sm3
from jtsec.crypto.curve import GX, GY, N, P, is_on_curve
from jtsec.crypto.exceptions import CryptoError, DecryptionFailed, ProviderUnavailable
from jtsec.crypto.sm2_contract import KeyPair, SealedParts, Sm2Provider

try:
    from gmssl.sm2 import CryptSM2
except ImportError:  # another package of the same import name, or none
    CryptSM2 = None

_SCALAR_BITS: Final = 257


def is_installed() -> bool:
    """Says whether the package is there (another one shares its import name)."""
    return CryptSM2 is not None


class GmsslProvider(Sm2Provider):
    """Does SM2 with the point formulas of gmssl and everything else its own."""

    name = "gmssl"

    def __init__(self) -> None:
        if CryptSM2 is None:
            raise ProviderUnavailable("the package gmssl is not installed")
        self._engine = CryptSM2(private_key="", public_key="")

    def generate(self) -> KeyPair:
        """Returns a pair with d in [1, n-2], drawn by the operating system."""
        d = 1 + secrets.randbelow(N - 2)
        return KeyPair(d, *self.public_point(d))

    def public_point(self, d: int) -> tuple[int, int]:
        """Returns dG."""
        return self._multiply_secret(d, GX, GY)

    def sign(self, d: int, digest: bytes) -> tuple[int, int]:
        """Returns (r, s) under a fresh nonce from the operating system."""
        while True:
            signature = self.sign_with_nonce(d, digest, 1 + secrets.randbelow(N - 1))
            if signature is not None:
                return signature

    def sign_with_nonce(self, d: int, digest: bytes, k: int) -> tuple[int, int] | None:
        """
        Signs with the nonce given (GB/T 32918.2-2016, 6.1): for known answers.

        Returns:
            (r, s), or None where the standard asks for another nonce.
        """
        x1, _ = self._multiply_secret(k, GX, GY)
        r = (int.from_bytes(digest, "big") + x1) % N
        # With r + k = n the signature would give d away.
        if r == 0 or r + k == N:
            return None
        # The extended Euclid behind pow() takes longer for some values than for
        # others; multiplied by a random number, what it sees is unrelated to d.
        blind = 1 + secrets.randbelow(N - 1)
        inverse = blind * pow(blind * (1 + d), -1, N)
        s = inverse * (k - r * d) % N
        return None if s == 0 else (r, s)

    def verify(self, x: int, y: int, digest: bytes, r: int, s: int) -> bool:
        """Says whether (r, s) is a signature over digest e (GB/T 32918.2-2016, 7.1)."""
        t = (r + s) % N
        if t == 0:
            return False
        total = self._combine(s, t, x, y)
        if total is None:
            return False
        return (int.from_bytes(digest, "big") + total[0]) % N == r

    def encrypt(self, x: int, y: int, plaintext: bytes) -> SealedParts:
        """Encrypts under a fresh nonce from the operating system."""
        while True:
            nonce = 1 + secrets.randbelow(N - 1)
            parts = self.encrypt_with_nonce(x, y, plaintext, nonce)
            if parts is not None:
                return parts

    def encrypt_with_nonce(
        self, x: int, y: int, plaintext: bytes, k: int
    ) -> SealedParts | None:
        """
        Encrypts with the nonce given (GB/T 32918.4-2016, 6.1): for known answers.

        Returns:
            The parts, or None where the standard asks for another nonce.
        """
        c1 = self._multiply_secret(k, GX, GY)
        x2, y2 = _coordinates(self._multiply_secret(k, x, y))
        mask = derive(x2 + y2, len(plaintext))
        # A mask of zeros would send the plaintext itself.
        if not any(mask):
            return None
        c3 = sm3.digest(x2 + plaintext + y2)
        return SealedParts(*c1, c3, _xor(plaintext, mask))

    def decrypt(self, d: int, parts: SealedParts) -> bytes:
        """Decrypts and compares C3 before anything is released."""
        # Asked again here: off the curve, the answers would leak d.
        if not is_on_curve(parts.x, parts.y):
            raise DecryptionFailed("C1 is not a point of the curve")
        x2, y2 = _coordinates(self._multiply_secret(d, parts.x, parts.y))
        mask = derive(x2 + y2, len(parts.c2))
        plaintext = _xor(parts.c2, mask)
        expected = sm3.digest(x2 + plaintext + y2)
        if not any(mask) or not hmac.compare_digest(expected, parts.c3):
            raise DecryptionFailed("the SM2 ciphertext does not verify")
        return plaintext

    def _multiply_secret(self, k: int, x: int, y: int) -> tuple[int, int]:
        """Returns k(x, y) with the same number of steps for every k in [1, n-1]."""
        k_long = k + N if (k + N).bit_length() == _SCALAR_BITS else k + 2 * N
        double, add = self._engine._double_point, self._engine._add_point
        base = _encode(x, y)
        total = base + "1"
        for shift in range(_SCALAR_BITS - 2, -1, -1):
            total = double(total)
            total = (total, add(total, base))[k_long >> shift & 1]
        point = _decode(self._engine._convert_jacb_to_nor(total))
        # k of 1 to 4 meets infinity on the way, where the formulas fail.
        return point if point is not None else self._multiply_public(k, x, y)

    def _multiply_public(self, k: int, x: int, y: int) -> tuple[int, int]:
        """Returns k(x, y) for k in [1, n-1], faster where k is no secret."""
        point = _decode(self._engine._kg(k, _encode(x, y)))
        if point is None:
            raise CryptoError("the point arithmetic of gmssl failed")
        return point

    def _combine(self, s: int, t: int, x: int, y: int) -> tuple[int, int] | None:
        """Returns sG + t(x, y) for public s and t in [1, n-1], None for infinity."""
        double, add = self._engine._double_point, self._engine._add_point
        both = self._add((GX, GY), (x, y))
        if both is not None:
            steps = {1: _encode(GX, GY), 2: _encode(x, y), 3: _encode(*both)}
            total = ""
            for shift in range(max(s, t).bit_length() - 1, -1, -1):
                total = double(total) if total else ""
                step = steps.get((s >> shift & 1) | (t >> shift & 1) << 1)
                if step is not None:
                    total = add(total, step) if total else step + "1"
            point = _decode(self._engine._convert_jacb_to_nor(total))
            if point is not None:
                return point
        # Chosen numbers can lead the shared loop over infinity; then one by one.
        left, right = self._multiply_public(s, GX, GY), self._multiply_public(t, x, y)
        return self._add(left, right)

    def _add(
        self, left: tuple[int, int], right: tuple[int, int]
    ) -> tuple[int, int] | None:
        """Returns the sum of two points, None for infinity."""
        if left == right:
            total = self._engine._double_point(_encode(*left) + "1")
        else:
            total = self._engine._add_point(_encode(*left) + "1", _encode(*right))
        return _decode(self._engine._convert_jacb_to_nor(total))


def derive(shared: bytes, length: int) -> bytes:
    """Returns `length` bytes of the KDF of GB/T 32918.4-2016, 5.4.3, over SM3."""
    blocks = range(1, (length + sm3.SIZE - 1) // sm3.SIZE + 1)
    stream = b"".join(sm3.digest(shared + i.to_bytes(4, "big")) for i in blocks)
    return stream[:length]


def _xor(left: bytes, right: bytes) -> bytes:
    """Returns the exclusive or of two byte strings of the same length."""
    value = int.from_bytes(left, "big") ^ int.from_bytes(right, "big")
    return value.to_bytes(len(left), "big")


def _coordinates(point: tuple[int, int]) -> tuple[bytes, bytes]:
    """Returns both coordinates in 32 bytes each."""
    return point[0].to_bytes(32, "big"), point[1].to_bytes(32, "big")


def _encode(x: int, y: int) -> str:
    """Returns a point as gmssl takes it: 64 hexadecimal digits for each coordinate."""
    return f"{x:064x}{y:064x}"


def _decode(point: str | None) -> tuple[int, int] | None:
    """Returns a point from gmssl's form, None for infinity."""
    if point is None:
        return None
    x, y = int(point[:64], 16), int(point[64:], 16)
    return (x, y) if x < P and is_on_curve(x, y) else None
