"""
The public keys that are believed: those of the ring, or the one that was brought.

A key that a believed key announced is believed from then on. With one public key and
no ring at all, the log can so be followed through every change of the signing key.
"""

from __future__ import annotations

from collections.abc import Iterable

from jtsec.core.exceptions import CannotVerify, ConfigurationError
from jtsec.crypto.exceptions import CryptoError
from jtsec.crypto.sm2 import PublicKey
from jtsec.keys import api as keys


class Trust:
    """
    Public keys by their fingerprints.

    Args:
        believed: the keys to begin with.
    """

    def __init__(self, believed: Iterable[PublicKey]) -> None:
        self._keys = {key.fingerprint(): key for key in believed}

    @classmethod
    def of_ring(cls) -> Trust:
        """
        Return the signing keys of the ring, retired ones included.

        Raises:
            CannotVerify: the ring cannot be used, or has none.
        """
        try:
            known = keys.every(keys.Purpose.AUDIT_SIGNATURE)
            found = [keys.signing_key_of(key.id).public for key in known]
        except (ConfigurationError, CryptoError) as error:
            raise CannotVerify(f"the signing keys are not at hand: {error}") from error
        if not found:
            raise CannotVerify("the key ring has no signing key")
        return cls(found)

    @classmethod
    def of_pem(cls, pems: Iterable[str | bytes]) -> Trust:
        """
        Return keys from PEM.

        Raises:
            CannotVerify: one of them is no SM2 public key.
        """
        try:
            return cls([PublicKey.from_pem(pem) for pem in pems])
        except CryptoError as error:
            raise CannotVerify(f"no SM2 public key: {error}") from error

    def pems(self) -> tuple[str, ...]:
        """Return all keys in PEM, for another process."""
        return tuple(key.to_pem() for key in self._keys.values())

    def get(self, fingerprint: str) -> PublicKey | None:
        """Return the key of a fingerprint, None when it is not believed."""
        return self._keys.get(fingerprint)

    def believe(self, pem: str) -> str:
        """
        Take a key that a believed one announced, and return its fingerprint.

        Raises:
            CryptoError: it is no SM2 public key.
        """
        key = PublicKey.from_pem(pem)
        fingerprint = key.fingerprint()
        self._keys[fingerprint] = key
        return fingerprint
