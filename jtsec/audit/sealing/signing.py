"""
Makes the next checkpoint out of its members, and signs it.

Each checkpoint names the key that signs its successor: the same one, or the one that it
announces. So whoever trusts the first key can follow the log through every change.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from hmac import compare_digest

from django.conf import settings
from django.utils import timezone

from jtsec.core.exceptions import ConfigurationError
from jtsec.crypto import merkle
from jtsec.crypto.exceptions import CryptoError
from jtsec.crypto.sm2 import PublicKey
from jtsec.keys import api as keys

from .body import (
    NO_PREVIOUS,
    CheckpointBody,
    MalformedBody,
    NextKey,
    Ranges,
    hash_of,
)
from .exceptions import CannotSeal, CheckpointAltered
from .models import AuditCheckpoint


@dataclass(frozen=True)
class Predecessor:
    """The checkpoint to build on: what it says and its hash; None before the first."""

    body: CheckpointBody | None
    hash: bytes

    @property
    def number(self) -> int:
        """Return its number, 0 before the first."""
        return self.body.number if self.body else 0

    @property
    def last_id(self) -> int:
        """Return the highest id that was passed over or sealed."""
        return self.body.last if self.body else 0

    @property
    def signer(self) -> str:
        """Return the key that signs the next one; the ring's own for the first."""
        if self.body is None:
            return keys.active(keys.Purpose.AUDIT_SIGNATURE).id
        return self.body.next_key.id if self.body.next_key else self.body.key


def predecessor_of(last: AuditCheckpoint | None) -> Predecessor:
    """
    Return the checkpoint to build on, after a look whether it is what was written.

    Building on an altered one would put our signature under somebody else's words.

    Raises:
        CheckpointAltered: its bytes, its columns or its signature do not hold.
        ConfigurationError: its key is not at hand.
    """
    if last is None:
        return Predecessor(None, NO_PREVIOUS)
    content, signature = bytes(last.body), bytes(last.signature)
    try:
        body = last.parsed()
        _require_signature(keys.signing_key_of(body.key).public, content, signature)
    except MalformedBody as error:
        raise CheckpointAltered(last.number, str(error)) from error
    except CryptoError as error:
        raise CheckpointAltered(last.number, "the signature is wrong") from error
    digest = hash_of(content, signature)
    if (body.number, body.last) != (last.number, last.last_id):
        raise CheckpointAltered(last.number, "a column is not what the body says")
    if not compare_digest(digest, bytes(last.hash)):
        raise CheckpointAltered(last.number, "the hash is wrong")
    return Predecessor(body, digest)


@lru_cache(maxsize=8)
def _require_signature(public: PublicKey, content: bytes, signature: bytes) -> None:
    """Verify, once for the same bytes: a quiet process asks every few seconds."""
    public.verify(content, signature)


def is_key_due(predecessor: Predecessor) -> bool:
    """Answer whether another key is to sign from now on, and was not announced yet."""
    return predecessor.signer != keys.active(keys.Purpose.AUDIT_SIGNATURE).id


def signed(
    predecessor: Predecessor,
    members: Sequence[tuple[int, bytes]],
    gaps: Ranges,
    at: str,
) -> AuditCheckpoint:
    """
    Return the next checkpoint, signed and not saved.

    Args:
        predecessor: what it builds on.
        members: id and hash of the leaf of each, ascending by id.
        gaps: ids of its range that are no members.
        at: the present moment in UTC; a clock that was set back does not make a
            checkpoint older than its predecessor, whose time it repeats.

    Raises:
        CannotSeal: the key that was announced, or signed before, is not at hand.
    """
    try:
        signer = keys.signing_key_of(predecessor.signer)
        announced = _next_key(predecessor)
    except ConfigurationError as error:
        name = predecessor.signer
        raise CannotSeal(f"the signing key {name!r} is not at hand") from error
    body = replace(
        _over(predecessor, members, gaps, at),
        key=predecessor.signer,
        public=signer.public.fingerprint(),
        next_key=announced,
    )
    content = body.to_bytes()
    return _row(body, content, signer.sign(content))


def _over(
    predecessor: Predecessor,
    members: Sequence[tuple[int, bytes]],
    gaps: Ranges,
    at: str,
) -> CheckpointBody:
    """Return the body over some members; who signs it is not in it yet."""
    before = predecessor.body
    first = predecessor.last_id + 1
    return CheckpointBody(
        log=before.log if before else secrets.token_hex(16),
        number=predecessor.number + 1,
        first=first,
        # Late members alone leave the range empty.
        last=max([first - 1, *(one for one, _leaf in members[-1:])]),
        count=len(members),
        gaps=gaps,
        late=tuple(one for one, _leaf in members if one < first),
        root=merkle.root(leaf for _one, leaf in members),
        previous=predecessor.hash,
        at=max(at, before.at) if before else at,
        key="",
        public="",
    )


def _next_key(predecessor: Predecessor) -> NextKey | None:
    if not is_key_due(predecessor):
        return None
    key_id, private = keys.signing_key()
    return NextKey(key_id, private.public.to_pem())


def _row(body: CheckpointBody, content: bytes, signature: bytes) -> AuditCheckpoint:
    return AuditCheckpoint(
        number=body.number,
        first_id=body.first,
        last_id=body.last,
        count=body.count,
        late_first=body.late[0] if body.late else None,
        late_last=body.late[-1] if body.late else None,
        at=_column_time(body.made_at),
        root=body.root,
        hash=hash_of(content, signature),
        body=content,
        signature=signature,
        key_id=body.key,
    )


def _column_time(value: datetime) -> datetime:
    return value if settings.USE_TZ else timezone.make_naive(value)
