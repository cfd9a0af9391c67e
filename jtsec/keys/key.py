"""What a key is: an id, one purpose, one algorithm, and material that never shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NoReturn

from .exceptions import KeysUnavailable


class Purpose(StrEnum):
    """What a key is used for: one thing, so that no use weakens another."""

    FIELD = "field"
    INDEX = "index"
    SEAL = "seal"
    AUDIT_MAC = "audit-mac"
    AUDIT_DETAIL = "audit-detail"
    AUDIT_SIGNATURE = "audit-signature"
    PEPPER = "pepper"
    ERROR = "error"
    SESSION = "session"
    LEDGER = "ledger"

    # As of any text; Enum's own is Python code, and runs for every value encrypted.
    __hash__ = str.__hash__


class Algorithm(StrEnum):
    """What a key is a key of."""

    SM4 = "SM4"
    HMAC_SM3 = "HMAC-SM3"
    SM2 = "SM2"
    SM2_PUBLIC = "SM2-public"


class State(StrEnum):
    """Whether new data is protected with a key, or only old data read."""

    COMING = "coming"
    """Known everywhere before it is used: read with, not yet written with."""

    ACTIVE = "active"
    REPLACED = "replaced"
    """Another one took its place; stored data may still be under it."""

    RETIRED = "retired"
    """No stored data was found under it; backups and archives may be."""


ALGORITHM_OF: Final[Mapping[Purpose, Algorithm]] = MappingProxyType(
    {
        Purpose.FIELD: Algorithm.SM4,
        Purpose.INDEX: Algorithm.HMAC_SM3,
        Purpose.SEAL: Algorithm.HMAC_SM3,
        Purpose.AUDIT_MAC: Algorithm.HMAC_SM3,
        Purpose.AUDIT_DETAIL: Algorithm.SM4,
        Purpose.AUDIT_SIGNATURE: Algorithm.SM2,
        Purpose.PEPPER: Algorithm.HMAC_SM3,
        Purpose.ERROR: Algorithm.SM2_PUBLIC,
        Purpose.SESSION: Algorithm.HMAC_SM3,
        Purpose.LEDGER: Algorithm.HMAC_SM3,
    }
)
SIZE_OF: Final[Mapping[Algorithm, int]] = MappingProxyType(
    {Algorithm.SM4: 16, Algorithm.HMAC_SM3: 32}
)


@dataclass(frozen=True)
class Key:
    """
    One key of the ring.

    Args:
        id: its name for ever, such as "field-1"; stands in clear in ciphertexts.
        purpose: its only use.
        algorithm: what it is a key of.
        state: active, or another one, and only read with.
        created: when it was made, aware, in UTC.
        material: the key itself: bytes, or PEM for SM2; None where hardware holds it.
    """

    id: str
    purpose: Purpose
    algorithm: Algorithm
    state: State
    created: datetime
    material: bytes | None = field(default=None, repr=False, compare=False)

    @property
    def secret(self) -> bytes:
        """
        Return the key itself.

        Raises:
            KeysUnavailable: it never leaves its hardware.
        """
        if self.material is None:
            raise KeysUnavailable(f"the key {self.id} does not leave its hardware")
        return self.material

    def __reduce__(self) -> NoReturn:
        # A pickled key would lie in a cache, a queue or a session, in clear.
        raise TypeError("a key is not pickled")
