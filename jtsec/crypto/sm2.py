"""
SM2 keys that sign, verify, encrypt and decrypt (GB/T 32918-2016, curve of part 5).

    key = sm2.generate()
    signature = key.sign(b"message")
    key.public.verify(b"message", signature)
    key.decrypt(key.public.encrypt(b"secret"))

Signatures and ciphertexts are DER as in GM/T 0009 (see `sm2_encoding`) unless the
method says raw; key files are PEM (see `sm2_keyfile`). Who computes is chosen in
`sm2_provider`; the answers do not depend on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from jtsec.crypto import sm2_encoding, sm2_keyfile, sm3
from jtsec.crypto.curve import (
    DEFAULT_IDENT,
    N,
    is_on_curve,
    is_private_scalar,
    message_digest,
)
from jtsec.crypto.der import MalformedDer
from jtsec.crypto.exceptions import (
    DecryptionFailed,
    InvalidInput,
    InvalidKey,
    InvalidSignature,
)
from jtsec.crypto.sm2_contract import SealedParts
from jtsec.crypto.sm2_provider import active_provider


@dataclass(frozen=True)
class PublicKey:
    """
    A point of the SM2 curve, checked when it is made.

    Args:
        x: first coordinate.
        y: second coordinate.

    Raises:
        InvalidKey: the point is not on the curve, or is infinity.
    """

    x: int
    y: int

    def __post_init__(self) -> None:
        """Refuses a point that is not on the curve."""
        if not is_on_curve(self.x, self.y):
            raise InvalidKey("the point is not on the SM2 curve")

    def verify(
        self, message: bytes, signature: bytes, *, ident: bytes = DEFAULT_IDENT
    ) -> None:
        """
        Returns if the DER signature is this key's over `message` (GB/T 32918.2, 7).

        Args:
            message: what was signed.
            signature: SM2Signature in strict DER.
            ident: the signer's identifier used when signing.

        Raises:
            InvalidSignature: it is not, or is malformed or out of range.
        """
        try:
            r, s = sm2_encoding.decode_signature(signature)
        except MalformedDer as error:
            raise InvalidSignature("the signature is not an SM2Signature") from error
        self._require_signature(message, r, s, ident)

    def verify_raw(
        self, message: bytes, signature: bytes, *, ident: bytes = DEFAULT_IDENT
    ) -> None:
        """Is `verify` for a signature of 64 bytes, r ‖ s."""
        if len(signature) != 64:
            raise InvalidSignature("a raw SM2 signature has 64 bytes")
        r = int.from_bytes(signature[:32], "big")
        s = int.from_bytes(signature[32:], "big")
        self._require_signature(message, r, s, ident)

    def _require_signature(self, message: bytes, r: int, s: int, ident: bytes) -> None:
        """Raises `InvalidSignature` unless (r, s) is in range and verifies."""
        # r + n would verify as well as r: a second form of the same signature.
        if not (0 < r < N and 0 < s < N):
            raise InvalidSignature("r or s is out of range")
        digest = message_digest(self.x, self.y, message, ident)
        if not active_provider().verify(self.x, self.y, digest, r, s):
            raise InvalidSignature("the SM2 signature does not verify")

    def encrypt(self, plaintext: bytes) -> bytes:
        """
        Encrypts to this key (GB/T 32918.4, 6), for keys and other short secrets.

        For more than some hundred bytes use `envelope.seal_to`.

        Args:
            plaintext: at least one byte.

        Returns:
            SM2Cipher in DER, C1C3C2.

        Raises:
            InvalidInput: the plaintext is empty.
        """
        return sm2_encoding.encode_sealed(self._seal(plaintext))

    def encrypt_raw(self, plaintext: bytes, *, prefix: bool = True) -> bytes:
        """Is `encrypt` in raw form C1 ‖ C3 ‖ C2; `prefix` says whether 04 leads it."""
        return sm2_encoding.encode_sealed_raw(self._seal(plaintext), prefix=prefix)

    def _seal(self, plaintext: bytes) -> SealedParts:
        """Returns the parts of a ciphertext."""
        if not plaintext:
            raise InvalidInput("SM2 encrypts at least one byte")
        return active_provider().encrypt(self.x, self.y, plaintext)

    def to_der(self) -> bytes:
        """Returns the SubjectPublicKeyInfo (RFC 5480) in DER."""
        return sm2_keyfile.public_to_der(self.x, self.y)

    def to_pem(self) -> str:
        """Returns a `PUBLIC KEY` PEM file, as `openssl pkey -pubout` writes it."""
        return sm2_keyfile.to_pem("PUBLIC KEY", self.to_der())

    @classmethod
    def from_pem(cls, pem: str | bytes) -> PublicKey:
        """
        Reads a `PUBLIC KEY` PEM file.

        Raises:
            CorruptKey: not PEM or DER of this form, or another algorithm's.
            InvalidKey: the point is not on the SM2 curve.
        """
        return cls(*sm2_keyfile.public_from_pem(pem))

    def fingerprint(self) -> str:
        """Returns the SM3 hash of the SubjectPublicKeyInfo, 64 hexadecimal digits."""
        return sm3.hexdigest(self.to_der())


@dataclass(frozen=True, repr=False)
class PrivateKey:
    """
    A private scalar, checked when it is made; `repr` never shows it.

    Args:
        d: the scalar.

    Raises:
        InvalidKey: d is not in [1, n-2].
    """

    d: int

    def __post_init__(self) -> None:
        """Refuses a scalar that cannot sign."""
        if not is_private_scalar(self.d):
            raise InvalidKey("an SM2 private scalar is between 1 and n - 2")

    def __repr__(self) -> str:
        """Hides the scalar, so that no log or traceback shows it."""
        return "PrivateKey(d=<hidden>)"

    @cached_property
    def public(self) -> PublicKey:
        """The public key, computed when first asked for."""
        return PublicKey(*active_provider().public_point(self.d))

    def sign(self, message: bytes, *, ident: bytes = DEFAULT_IDENT) -> bytes:
        """
        Signs `message` (GB/T 32918.2, 6).

        Args:
            message: any length.
            ident: the signer's identifier, at most 8,191 bytes; who verifies needs it.

        Returns:
            SM2Signature in DER, 70 to 72 bytes as a rule.
        """
        return sm2_encoding.encode_signature(*self._sign(message, ident))

    def sign_raw(self, message: bytes, *, ident: bytes = DEFAULT_IDENT) -> bytes:
        """Is `sign` in 64 bytes, r ‖ s."""
        r, s = self._sign(message, ident)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def _sign(self, message: bytes, ident: bytes) -> tuple[int, int]:
        """Returns (r, s)."""
        digest = message_digest(self.public.x, self.public.y, message, ident)
        return active_provider().sign(self.d, digest)

    def decrypt(self, ciphertext: bytes) -> bytes:
        """
        Opens an SM2Cipher in DER (GB/T 32918.4, 7).

        Raises:
            DecryptionFailed: malformed, C1 off the curve, altered, or another key's.
        """
        try:
            parts = sm2_encoding.decode_sealed(ciphertext)
        except MalformedDer as error:
            raise DecryptionFailed("the ciphertext is not an SM2Cipher") from error
        return self._open(parts)

    def decrypt_raw(self, ciphertext: bytes, *, prefix: bool = True) -> bytes:
        """Is `decrypt` for C1 ‖ C3 ‖ C2; `prefix` says whether 04 leads it."""
        try:
            parts = sm2_encoding.decode_sealed_raw(ciphertext, prefix=prefix)
        except MalformedDer as error:
            raise DecryptionFailed("the ciphertext is not C1C3C2") from error
        return self._open(parts)

    def _open(self, parts: SealedParts) -> bytes:
        """Returns the plaintext of a ciphertext in parts."""
        if not is_on_curve(parts.x, parts.y):
            raise DecryptionFailed("C1 is not a point of the SM2 curve")
        return active_provider().decrypt(self.d, parts)

    def to_pem(self, password: bytes | None = None) -> str:
        """
        Returns a PKCS#8 PEM file that `openssl pkey` reads.

        Args:
            password: encrypts the file (PBES2: PBKDF2-HMAC-SHA256 and SM4-CBC).
        """
        public = (self.public.x, self.public.y)
        return sm2_keyfile.private_to_pem(self.d, public, password)

    @classmethod
    def from_pem(cls, pem: str | bytes, password: bytes | None = None) -> PrivateKey:
        """
        Reads a PKCS#8 file, plain or encrypted, or SEC1 `EC PRIVATE KEY`.

        Raises:
            CorruptKey: not PEM or DER of these forms, or another algorithm's.
            InvalidKey: the scalar is out of range, or the public key beside it is
                another one's.
            DecryptionFailed: the password is missing or wrong.
        """
        d, stated = sm2_keyfile.private_from_pem(pem, password)
        key = cls(d)
        if stated is not None and stated != (key.public.x, key.public.y):
            raise InvalidKey("the public key in the file is not the private one's")
        return key


def generate() -> PrivateKey:
    """
    Returns a fresh private key.

    Raises:
        ProviderUnavailable: no SM2 provider is installed.
    """
    pair = active_provider().generate()
    key = PrivateKey(pair.d)
    # The provider has the point already: spare the multiplication.
    key.__dict__["public"] = PublicKey(pair.x, pair.y)
    return key
