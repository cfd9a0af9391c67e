"""
SM3 (GB/T 32905-2016), HMAC-SM3 and HKDF-SM3 (RFC 5869 with SM3), 32 bytes each.

The hash comes from `cryptography`, whose wheels carry their own OpenSSL: `hashlib`
depends on what the distribution left in its library.
"""

from __future__ import annotations

import hmac as constant_time
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as keyed

from jtsec.crypto.exceptions import InvalidInput, InvalidSignature, ProviderUnavailable

SIZE: Final = 32
_SM3: Final = hashes.SM3()


class Hash:
    """A running SM3 hash, with the methods of those of `hashlib`."""

    __slots__ = ("_context",)

    digest_size: Final = SIZE
    block_size: Final = 64
    name: Final = "sm3"

    def __init__(self, context: hashes.Hash) -> None:
        self._context = context

    def update(self, data: bytes) -> None:
        """Takes more data."""
        self._context.update(data)

    def digest(self) -> bytes:
        """Returns the hash of what was taken so far; more may follow."""
        return self._context.copy().finalize()

    def hexdigest(self) -> str:
        """Returns `digest()` in lower-case hexadecimal."""
        return self.digest().hex()

    def copy(self) -> Hash:
        """Returns a second running hash in the same state."""
        return Hash(self._context.copy())


def new(data: bytes = b"") -> Hash:
    """
    Starts a running hash.

    Raises:
        ProviderUnavailable: the library underneath has no SM3.
    """
    return Hash(_start(data))


def digest(data: bytes) -> bytes:
    """Returns the 32-byte SM3 hash of `data` (GB/T 32905-2016)."""
    return _start(data).finalize()


def hexdigest(data: bytes) -> str:
    """Returns the SM3 hash of `data` in lower-case hexadecimal."""
    return digest(data).hex()


def _start(data: bytes) -> hashes.Hash:
    """Returns the library's hash after `data`."""
    try:
        context = hashes.Hash(_SM3)
    except UnsupportedAlgorithm as error:
        raise ProviderUnavailable("SM3 is not in the installed library") from error
    context.update(data)
    return context


class KeyedMac:
    """
    HMAC-SM3 under one key, for many messages.

    The keyed state is computed once and copied for each message, which halves the
    price of a short one. An instance may be used by several threads.

    Args:
        key: any number of bytes but none; 32 is what the key ring makes.

    Raises:
        InvalidInput: the key is empty, which anybody could guess.
        ProviderUnavailable: the library underneath has no SM3.
    """

    __slots__ = ("_context",)

    def __init__(self, key: bytes) -> None:
        if not key:
            raise InvalidInput("the key of a MAC is empty")
        try:
            self._context = keyed.HMAC(key, _SM3)
        except UnsupportedAlgorithm as error:
            raise ProviderUnavailable("SM3 is not in the installed library") from error

    def mac(self, data: bytes) -> bytes:
        """Returns the 32-byte MAC of `data`."""
        context = self._context.copy()
        context.update(data)
        return context.finalize()

    def verify(self, data: bytes, mac: bytes) -> None:
        """
        Returns if `mac` is the MAC of `data`, in time that does not depend on it.

        Raises:
            InvalidSignature: it is not.
        """
        if not constant_time.compare_digest(self.mac(data), mac):
            raise InvalidSignature("the MAC does not match")


def hmac(key: bytes, data: bytes) -> bytes:
    """Returns the 32-byte HMAC-SM3 of `data`; for many messages see `KeyedMac`."""
    return KeyedMac(key).mac(data)


def hkdf(key: bytes, *, salt: bytes = b"", info: bytes, length: int) -> bytes:
    """
    Derives a key from a key: HKDF (RFC 5869) over HMAC-SM3.

    Args:
        key: the input key material; secret and of full strength, never a password.
        salt: public; empty means 32 zero bytes, as the RFC says.
        info: what the derived key is for, so that two uses get two keys.
        length: bytes wanted, 1 to 8,160.

    Raises:
        InvalidInput: the key is empty or the length out of range.
    """
    if not key:
        raise InvalidInput("the input key of a derivation is empty")
    if not 1 <= length <= 255 * SIZE:
        raise InvalidInput("HKDF-SM3 gives between 1 and 8160 bytes")
    expand = KeyedMac(hmac(salt or bytes(SIZE), key))
    block = output = b""
    counter = 0
    while len(output) < length:
        counter += 1
        block = expand.mac(block + info + bytes([counter]))
        output += block
    return output[:length]
