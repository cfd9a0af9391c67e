"""
SM2 over `gmssl_pyx`, a binding of the GmSSL C library (extra `native`).

It signs digests; its own way from message to digest is eleven times slower than ours.
Two traps: `verify(public, digest, signature)` with the last two swapped answers False
and not an error, and ciphertexts end at 255 bytes of plaintext; longer ones go to the
`gmssl` provider. On a failure its C code writes a line (file, function; no data) to
standard error.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

from jtsec.crypto import sm2_encoding
from jtsec.crypto.curve import N, is_private_scalar
from jtsec.crypto.exceptions import CryptoError, DecryptionFailed, ProviderUnavailable
from jtsec.crypto.sm2_contract import KeyPair, SealedParts, Sm2Provider
from jtsec.crypto.sm2_gmssl import GmsslProvider

try:
    import gmssl_pyx
except ImportError:  # the extra "native" is optional, and has no wheel for Arm
    gmssl_pyx = None

MAX_PLAINTEXT: Final = 255


def is_installed() -> bool:
    """Says whether the package is there."""
    return gmssl_pyx is not None


class NativeProvider(Sm2Provider):
    """Does SM2 in C."""

    name = "gmssl_pyx"

    def __init__(self) -> None:
        if gmssl_pyx is None:
            raise ProviderUnavailable("the package gmssl_pyx is not installed")

    @cached_property
    def _software(self) -> GmsslProvider:
        """Returns who does what the binding does not offer."""
        return GmsslProvider()

    def generate(self) -> KeyPair:
        """Returns a fresh pair from the library's own randomness."""
        while True:
            public, private = gmssl_pyx.sm2_key_generate()
            d = int.from_bytes(private, "big")
            if is_private_scalar(d):
                x, y = public[:32], public[32:]
                return KeyPair(d, int.from_bytes(x, "big"), int.from_bytes(y, "big"))

    def public_point(self, d: int) -> tuple[int, int]:
        """Returns dG; the binding has no such call, so the software one answers."""
        return self._software.public_point(d)

    def sign(self, d: int, digest: bytes) -> tuple[int, int]:
        """Returns (r, s) over digest e."""
        try:
            signature = gmssl_pyx.sm2_sign_sm3_digest(d.to_bytes(32, "big"), digest)
        except gmssl_pyx.GmsslInnerError as error:
            raise CryptoError("gmssl_pyx could not sign") from error
        r, s = sm2_encoding.decode_signature(signature)
        if not (0 < r < N and 0 < s < N):
            raise CryptoError("gmssl_pyx returned no signature")
        return r, s

    def verify(self, x: int, y: int, digest: bytes, r: int, s: int) -> bool:
        """Says whether (r, s) is a signature over digest e."""
        public = x.to_bytes(32, "big") + y.to_bytes(32, "big")
        signature = sm2_encoding.encode_signature(r, s)
        try:
            answer = gmssl_pyx.sm2_verify_sm3_digest(public, digest, signature)
        except gmssl_pyx.GmsslInnerError:
            return False
        return answer is True

    def encrypt(self, x: int, y: int, plaintext: bytes) -> SealedParts:
        """Encrypts to a public point."""
        if len(plaintext) > MAX_PLAINTEXT:
            return self._software.encrypt(x, y, plaintext)
        public = x.to_bytes(32, "big") + y.to_bytes(32, "big")
        try:
            sealed = gmssl_pyx.sm2_encrypt(public, plaintext)
        except gmssl_pyx.GmsslInnerError as error:
            raise CryptoError("gmssl_pyx could not encrypt") from error
        return sm2_encoding.decode_sealed(sealed)

    def decrypt(self, d: int, parts: SealedParts) -> bytes:
        """Decrypts; the library compares C3."""
        if len(parts.c2) > MAX_PLAINTEXT:
            return self._software.decrypt(d, parts)
        sealed = sm2_encoding.encode_sealed(parts)
        try:
            plaintext: bytes = gmssl_pyx.sm2_decrypt(d.to_bytes(32, "big"), sealed)
        except gmssl_pyx.GmsslInnerError:
            raise DecryptionFailed("the SM2 ciphertext does not verify") from None
        return plaintext
