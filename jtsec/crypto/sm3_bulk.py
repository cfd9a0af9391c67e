"""
SM3 of very many short messages: the same hash, by whatever costs least a call.

Over ten million records the way through Python's objects costs as much as the hash.
`gmssl_pyx` (extra `native`) has one call from bytes to hash; it is held against the
hash of `cryptography` before it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from jtsec.crypto import sm3
from jtsec.crypto.exceptions import ProviderUnavailable

try:
    import gmssl_pyx
except ImportError:  # the extra "native" is optional, and has no wheel for Arm
    gmssl_pyx = None

Digest = Callable[[bytes], bytes]

SAMPLE: Final = bytes(range(250)) * 4
LENGTHS: Final = (0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000)
"""Beginnings of the sample that are compared, across the boundaries of blocks."""


@cache
def digest() -> Digest:
    """Returns a function from bytes to their 32-byte SM3 hash, the fastest at hand."""
    if gmssl_pyx is not None and _agrees(gmssl_pyx.sm3_hash):
        native: Digest = gmssl_pyx.sm3_hash
        return native
    return by_copying()


def by_copying() -> Digest:
    """
    Returns the one over `cryptography`: an empty hash is copied, not made anew.

    Raises:
        ProviderUnavailable: the library underneath has no SM3.
    """
    try:
        start = hashes.Hash(hashes.SM3()).copy
    except UnsupportedAlgorithm as error:
        raise ProviderUnavailable("SM3 is not in the installed library") from error

    def digest_of(data: bytes) -> bytes:
        running = start()
        running.update(data)
        return running.finalize()

    return digest_of


def _agrees(native: Digest) -> bool:
    """Answers whether another implementation gives the same for many lengths."""
    return all(native(SAMPLE[:n]) == sm3.digest(SAMPLE[:n]) for n in LENGTHS)
