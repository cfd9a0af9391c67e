"""
SM4 (GB/T 32907-2016) in GCM (RFC 8998) and, for exchange with others, CBC.

A GCM blob is `nonce (12) ‖ ciphertext ‖ tag (16)`, a CBC blob `iv (16) ‖ ciphertext`
with PKCS#7 padding. Nonces and IVs are random; one key may seal 2^32 GCM blobs
(NIST SP 800-38D 8.3), then it must be rotated.

Two libraries do the work and give the same bytes. `cryptography` is always there.
`gmssl_pyx` (extra `native`) has a cheaper call and a slower cipher, so it takes the
values below `NATIVE_LIMIT` bytes. Both are stateless: a `Gcm` may be shared by threads.

CBC is not authenticated: whoever can alter a CBC blob can alter what it decrypts to.
Nothing of jtsec stores it; use it to read and write what another system defined.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from os import urandom
from typing import Final

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from jtsec.crypto.exceptions import (
    DecryptionFailed,
    InvalidInput,
    InvalidKey,
    ProviderUnavailable,
)

try:
    import gmssl_pyx
except ImportError:  # the extra "native" is optional, and has no wheel for Arm
    gmssl_pyx = None

KEY_SIZE: Final = 16
NONCE_SIZE: Final = 12
TAG_SIZE: Final = 16
BLOCK_SIZE: Final = 16

Turn = Callable[[bytes], bytes]
"""What seals, or opens, one value after another; see `Gcm.sealer` and `Gcm.opener`."""

# Measured crossover of the two libraries; only speed hangs on it, not one byte.
NATIVE_LIMIT: Final = 256


class GcmEngine(ABC):
    """One library's SM4-GCM under one key; `Gcm` chooses between them by length."""

    __slots__ = ()

    @abstractmethod
    def __init__(self, key: bytes) -> None:
        """Takes a key of exactly 16 bytes."""

    @abstractmethod
    def seal(self, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Returns ciphertext ‖ tag."""

    @abstractmethod
    def open(self, nonce: bytes, ciphertext: bytes, tag: bytes, aad: bytes) -> bytes:
        """Returns the plaintext, or raises `DecryptionFailed` and releases nothing."""

    def opener(self, start: int, aad: bytes) -> Turn:
        """Returns what does `open` for blobs whose nonce begins at `start`."""
        end, open_ = start + NONCE_SIZE, self.open

        def open_blob(blob: bytes) -> bytes:
            if len(blob) < end + TAG_SIZE:
                raise DecryptionFailed("shorter than a nonce and a tag")
            return open_(blob[start:end], blob[end:-TAG_SIZE], blob[-TAG_SIZE:], aad)

        return open_blob


class CryptographyGcm(GcmEngine):
    """SM4-GCM of `cryptography`: any length, fast on long values."""

    __slots__ = ("_algorithm",)

    def __init__(self, key: bytes) -> None:
        self._algorithm = _algorithm(key, modes.GCM(bytes(NONCE_SIZE)))

    def seal(self, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Returns ciphertext ‖ tag."""
        context = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        context.authenticate_additional_data(aad)
        return context.update(plaintext) + context.finalize() + context.tag

    def open(self, nonce: bytes, ciphertext: bytes, tag: bytes, aad: bytes) -> bytes:
        """Returns the plaintext; the tag is checked before it leaves here."""
        context = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        context.authenticate_additional_data(aad)
        plaintext = context.update(ciphertext)
        try:
            return plaintext + context.finalize()
        except InvalidTag:
            raise DecryptionFailed("the SM4-GCM tag does not match") from None


class NativeGcm(GcmEngine):
    """
    SM4-GCM of `gmssl_pyx`: fast on short values, refuses empty ones.

    On a wrong tag its C code writes one line (file, function; no data) to standard
    error. Redirecting the descriptor would be felt by every other thread, so it stays.
    """

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Returns ciphertext ‖ tag."""
        parts = gmssl_pyx.sm4_gcm_encrypt(self._key, nonce, aad, plaintext)
        return b"".join(parts)

    def open(self, nonce: bytes, ciphertext: bytes, tag: bytes, aad: bytes) -> bytes:
        """Returns the plaintext; the library checks the tag before it decrypts."""
        try:
            plaintext: bytes = gmssl_pyx.sm4_gcm_decrypt(
                self._key, nonce, aad, ciphertext, tag
            )
        except gmssl_pyx.GmsslInnerError:
            raise DecryptionFailed("the SM4-GCM tag does not match") from None
        return plaintext

    def short_opener(self, start: int, aad: bytes, otherwise: Turn) -> Turn:
        """Returns what does `open` for short blobs with one call around the library."""
        end, key, tag_size = start + NONCE_SIZE, self._key, TAG_SIZE
        least, limit = end + tag_size, end + tag_size + NATIVE_LIMIT
        call: Callable[..., bytes] = gmssl_pyx.sm4_gcm_decrypt
        altered = gmssl_pyx.GmsslInnerError

        def open_blob(blob: bytes) -> bytes:
            if not least < len(blob) < limit:
                return otherwise(blob)
            try:
                return call(
                    key, blob[start:end], aad, blob[end:-tag_size], blob[-tag_size:]
                )
            except altered:
                raise DecryptionFailed("the SM4-GCM tag does not match") from None

        return open_blob


def gcm_engines() -> dict[str, type[GcmEngine]]:
    """Returns the engines installed here by the name of their library."""
    engines: dict[str, type[GcmEngine]] = {"cryptography": CryptographyGcm}
    if gmssl_pyx is not None:
        engines["gmssl_pyx"] = NativeGcm
    return engines


class Gcm:
    """
    SM4-GCM under one key: secrecy, and refusal of anything altered (RFC 8998).

    Args:
        key: exactly 16 bytes; nothing is cut or padded.

    Raises:
        InvalidKey: the key has another length.
        ProviderUnavailable: the library underneath has no SM4 in this mode.
    """

    __slots__ = ("_large", "_small")

    def __init__(self, key: bytes) -> None:
        self._large = CryptographyGcm(key)
        self._small = gcm_engines().get("gmssl_pyx", CryptographyGcm)(key)

    def encrypt(self, plaintext: bytes, *, aad: bytes = b"") -> bytes:
        """
        Seals `plaintext` under a fresh random nonce.

        Args:
            plaintext: any length below 64 GiB.
            aad: what the value belongs to; needed again, unchanged, to decrypt.

        Returns:
            nonce (12) ‖ ciphertext (as long as the plaintext) ‖ tag (16).
        """
        nonce = urandom(NONCE_SIZE)
        small = 0 < len(plaintext) < NATIVE_LIMIT
        engine = self._small if small else self._large
        return nonce + engine.seal(nonce, plaintext, aad)

    def decrypt(self, blob: bytes, *, aad: bytes = b"") -> bytes:
        """
        Opens what `encrypt` returned.

        Raises:
            DecryptionFailed: altered, cut, another key or another `aad`.
        """
        length = len(blob) - NONCE_SIZE - TAG_SIZE
        if length < 0:
            raise DecryptionFailed("shorter than a nonce and a tag")
        small = 0 < length < NATIVE_LIMIT
        engine = self._small if small else self._large
        end = NONCE_SIZE + length
        return engine.open(blob[:NONCE_SIZE], blob[NONCE_SIZE:end], blob[end:], aad)

    def sealer(self, head: bytes, aad: bytes) -> Turn:
        """
        Returns what does `encrypt` for one value after another.

        For thousands of small values what is the same for all of them is bound once;
        each gets a nonce of its own.

        Args:
            head: stands before each nonce; part of `aad` if it is authenticated.
            aad: what the values belong to.

        Returns:
            A function: plaintext -> head ‖ nonce ‖ ciphertext ‖ tag.
        """
        small, large = self._small.seal, self._large.seal

        def seal(plaintext: bytes) -> bytes:
            nonce = urandom(NONCE_SIZE)
            if 0 < len(plaintext) < NATIVE_LIMIT:
                return head + nonce + small(nonce, plaintext, aad)
            return head + nonce + large(nonce, plaintext, aad)

        return seal

    def opener(self, start: int, aad: bytes) -> Turn:
        """
        Returns what does `decrypt` for one blob after another, bound like `sealer`.

        Args:
            start: how many bytes stand before each nonce; compared by the caller, or
                part of `aad`.
            aad: what the values belong to.

        Returns:
            A function: blob -> plaintext; raises `DecryptionFailed` as `decrypt`.
        """
        opener = self._large.opener(start, aad)
        if isinstance(self._small, NativeGcm):
            return self._small.short_opener(start, aad, opener)
        return opener


def encrypt_with_nonce(
    key: bytes, nonce: bytes, plaintext: bytes, *, aad: bytes = b""
) -> bytes:
    """
    Seals under a nonce that is given: for known answers only.

    A nonce used twice under one key gives away both plaintexts and the power to forge.

    Returns:
        nonce ‖ ciphertext ‖ tag, as `Gcm.encrypt`.
    """
    if len(nonce) != NONCE_SIZE:
        raise InvalidInput("an SM4-GCM nonce has 12 bytes")
    return nonce + CryptographyGcm(key).seal(nonce, plaintext, aad)


class Cbc:
    """
    SM4-CBC with PKCS#7 padding under one key: secrecy only, see the module.

    Args:
        key: exactly 16 bytes.

    Raises:
        InvalidKey: the key has another length.
        ProviderUnavailable: the library underneath has no SM4 in this mode.
    """

    __slots__ = ("_algorithm",)

    def __init__(self, key: bytes) -> None:
        self._algorithm = _algorithm(key, modes.CBC(bytes(BLOCK_SIZE)))

    def encrypt(self, plaintext: bytes) -> bytes:
        """Returns iv (16, random) ‖ ciphertext."""
        return self.encrypt_with_iv(urandom(BLOCK_SIZE), plaintext)

    def encrypt_with_iv(self, iv: bytes, plaintext: bytes) -> bytes:
        """Returns iv ‖ ciphertext for an IV that must be unpredictable and fresh."""
        if len(iv) != BLOCK_SIZE:
            raise InvalidInput("an SM4-CBC IV has 16 bytes")
        padder = padding.PKCS7(8 * BLOCK_SIZE).padder()
        context = Cipher(self._algorithm, modes.CBC(iv)).encryptor()
        padded = padder.update(plaintext) + padder.finalize()
        return iv + context.update(padded) + context.finalize()

    def decrypt(self, blob: bytes) -> bytes:
        """
        Returns the plaintext of iv ‖ ciphertext.

        Never tell a remote caller that this failed where it can send more blobs: the
        answer alone lets it decrypt (a padding oracle).

        Raises:
            DecryptionFailed: not whole blocks, or the padding is wrong.
        """
        body = len(blob) - BLOCK_SIZE
        if body < BLOCK_SIZE or body % BLOCK_SIZE:
            raise DecryptionFailed("not an IV and whole blocks")
        mode = modes.CBC(blob[:BLOCK_SIZE])
        context = Cipher(self._algorithm, mode).decryptor()
        padded = context.update(blob[BLOCK_SIZE:]) + context.finalize()
        unpadder = padding.PKCS7(8 * BLOCK_SIZE).unpadder()
        try:
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError:
            raise DecryptionFailed("the padding is wrong") from None


def _algorithm(key: bytes, mode: modes.GCM | modes.CBC) -> SM4:
    """
    Returns SM4 under a key, once the library has shown that it offers the mode.

    A distribution's OpenSSL may have SM4 without GCM, or none at all. Asked here, the
    answer comes with the key and not with the first value to protect.
    """
    if len(key) != KEY_SIZE:
        raise InvalidKey(f"an SM4 key has 16 bytes, not {len(key)}")
    algorithm = SM4(key)
    try:
        Cipher(algorithm, mode).encryptor()
    except UnsupportedAlgorithm as error:
        raise ProviderUnavailable(f"the library has no SM4-{mode.name}") from error
    return algorithm
