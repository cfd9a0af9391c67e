"""
SM4 (GB/T 32907-2016) of single blocks: a keyed permutation, not a cipher for data.

Equal blocks give equal results, which for data would show its pattern. For blocks that
are random and never repeat it is a pseudo-random function, at a tenth of a MAC's price.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from jtsec.crypto.exceptions import InvalidInput, ProviderUnavailable

SIZE: Final = 16


class Blocks:
    """
    The permutation under one key.

    Args:
        key: 16 bytes.

    Raises:
        InvalidInput: the key is of another length.
    """

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        if len(key) != SIZE:
            raise InvalidInput("an SM4 key has 16 bytes")
        self._cipher = Cipher(SM4(key), modes.ECB())  # noqa: S305 - see the module

    def permute(self, blocks: bytes) -> bytes:
        """
        Returns what the blocks become, one after the other.

        Raises:
            InvalidInput: they are not whole blocks.
            ProviderUnavailable: the library underneath has no SM4.
        """
        if len(blocks) % SIZE:
            raise InvalidInput("these are not whole blocks of 16 bytes")
        try:
            return self._cipher.encryptor().update(blocks)
        except UnsupportedAlgorithm as error:
            raise ProviderUnavailable("SM4 is not in the installed library") from error
