"""
The statement of a segment: what it holds, signed with the key of the checkpoints.

It stands at the end of the file and in the table. With the public key alone it proves
which checkpoints a file stands for and that no byte of it was changed; what the rows
say needs the ring.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from jtsec.audit.canonical import canonical
from jtsec.core.exceptions import ConfigurationError
from jtsec.crypto import sm2
from jtsec.crypto.exceptions import CryptoError
from jtsec.keys import api as keys

VERSION: Final = 1


class WrongManifest(ValueError):
    """Says that a statement is not what was signed, or of no known form."""


@dataclass(frozen=True)
class Manifest:
    """
    What a segment states.

    Args:
        segment: the name of the file.
        log: which log, as its checkpoints name it.
        first: the first checkpoint.
        last: the last checkpoint.
        last_hash: its hash, which covers every one before it; 64 hexadecimal digits.
        ids: the ids of the records as ranges, ascending and apart.
        rows: how many records.
        since: time of the earliest record, "" when there is none.
        until: time of the latest record.
        size: bytes of the file before this statement.
        digest: SM3 of those bytes, 64 hexadecimal digits.
        at: when it was made.
        key: id of the signing key.
        public: fingerprint of its public half.
    """

    segment: str
    log: str
    first: int
    last: int
    last_hash: str
    ids: tuple[tuple[int, int], ...]
    rows: int
    since: str
    until: str
    size: int
    digest: str
    at: str
    key: str
    public: str

    def to_bytes(self) -> bytes:
        """Return the canonical bytes, which are signed and stored."""
        value: dict[str, Any] = {"v": VERSION, **asdict(self)}
        return canonical(value)

    def holds(self, record_id: int) -> bool:
        """Answer whether a record of this id lies in the segment."""
        return any(low <= record_id <= high for low, high in self.ids)


def parse_manifest(data: bytes) -> Manifest:
    """
    Return what a statement says.

    Raises:
        WrongManifest: not the canonical bytes of a statement of version 1.
    """
    try:
        value = json.loads(data)
        if value.pop("v") != VERSION:
            raise WrongManifest("a statement of another version")
        value["ids"] = tuple((int(low), int(high)) for low, high in value["ids"])
        made = Manifest(**value)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WrongManifest("no statement of a segment") from error
    if made.to_bytes() != bytes(data):
        raise WrongManifest("a statement that is not in its canonical form")
    return made


def signer() -> tuple[str, sm2.PrivateKey]:
    """
    Return id and key that sign a statement.

    Raises:
        ConfigurationError: the ring has none.
    """
    return keys.signing_key()


def verify_manifest(
    data: bytes, signature: bytes, trusted: Sequence[sm2.PublicKey] | None = None
) -> Manifest:
    """
    Return what a signed statement says.

    Args:
        data: its bytes.
        signature: SM2 in DER.
        trusted: whom to trust; None for the key of the ring that it names.

    Raises:
        WrongManifest: the signature does not hold, or the key is another one.
        ConfigurationError: the ring has no such key.
    """
    made = parse_manifest(data)
    believed = [public_key(made.key)] if trusted is None else trusted
    named = [
        one for one in believed if hmac.compare_digest(one.fingerprint(), made.public)
    ]
    if not named:
        raise WrongManifest("the statement is signed by another key")
    try:
        named[0].verify(data, signature)
    except CryptoError:
        raise WrongManifest("the signature of the statement is wrong") from None
    return made


def public_key(key_id: str) -> sm2.PublicKey:
    """Return the public half of a signing key of the ring."""
    try:
        return keys.signing_key_of(key_id).public
    except CryptoError as error:
        raise ConfigurationError(f"the key {key_id} cannot be used") from error
