"""
The verbs of key rotation, and the whole way in their order.

    for step in rotate([Purpose.FIELD], reason="yearly"): ...

    prepare     the new key is in the ring; every process comes to know it
    activate    new data is under it
    renew       stored data is put under it, batch by batch, beside the traffic
    retire      the old key is marked, once nothing stored is found under it

Killed anywhere, the next call goes on: the ring and the stored values say what is left.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from django.db import router, transaction

from jtsec.audit.api import record
from jtsec.audit.models import AuditRecord
from jtsec.crypto import sm2
from jtsec.keys import api as keys

from .events import DataRenewed, KeyActivated, KeyPrepared, KeyRetired
from .leave import require_duty

RENEWED: Final = frozenset({keys.Purpose.FIELD, keys.Purpose.INDEX})
"""
Purposes whose stored data is put under the new key.

What is under the other ones is evidence or a digest, and is never written again, or is
written again in its own time: their old keys are read with for good.
"""


class Progress(NamedTuple):
    """How far one place is: values renewed and those there were; what failed now."""

    use: str
    done: int
    total: int
    failed: tuple[str, ...] = ()


class Outcome(NamedTuple):
    """What a rotation did: ids of keys, and how many values are under old ones yet."""

    activated: list[str]
    retired: list[str]
    left: int


def rotate(
    purposes: Sequence[keys.Purpose],
    *,
    reason: str,
    error_key: sm2.PublicKey | None = None,
) -> Iterator[Progress | Outcome]:
    """
    Give purposes a new key and put stored data under it; go on with what was begun.

    Args:
        purposes: which; none only goes on with what is left from before.
        reason: why, for the log.
        error_key: the new public key of `Purpose.ERROR`.

    Yields:
        How far it is, batch by batch, and last the outcome.

    Raises:
        Refused: the actor has not the duty.
        InputError: no reason, or no error key for the purpose that needs it.
        ConfigurationError: the ring cannot be changed.
        AuditUnavailable: it could not be recorded; the ring is as it was.
    """
    reason = require_duty("keys", reason)
    counted = count_uses()
    for purpose in purposes:
        if not _is_half_done(purpose, counted):
            given = error_key if purpose is keys.Purpose.ERROR else None
            prepare(purpose, reason=reason, error_key=given)
    if coming := _coming():
        settle()
    activated = [activate(purpose, reason=reason) for purpose in coming]
    settle()
    yield from renew(reason=reason)
    yield Outcome(activated, retire(reason=reason), values_left())


def prepare(
    purpose: keys.Purpose, *, reason: str, error_key: sm2.PublicKey | None = None
) -> str:
    """Put a coming key of a purpose into the ring; return its id. See `rotate`."""
    reason = require_duty(f"purpose:{purpose}", reason)

    def announce(key_id: str) -> None:
        record(KeyPrepared(resource=f"key:{key_id}", reason=reason))

    with _one_transaction():
        return keys.prepare_key(purpose, error_key, announce=announce).id


def activate(purpose: keys.Purpose, *, reason: str) -> str:
    """Let the coming key of a purpose protect new data; return its id."""
    reason = require_duty(f"purpose:{purpose}", reason)

    def announce(key_id: str) -> None:
        record(KeyActivated(resource=f"key:{key_id}", reason=reason))

    with _one_transaction():
        return keys.activate_key(purpose, announce=announce)


def renew(*, reason: str) -> Iterator[Progress]:
    """Put stored data under the active keys; tell what cannot be, and leave it."""
    reason = require_duty("keys", reason)
    for use in keys.uses():
        if not use.purposes <= RENEWED or not (total := use.waiting()):
            continue
        done, failed = 0, 0
        yield Progress(use.name, 0, total)
        for step in use.renew():
            done, failed = done + step.renewed, failed + len(step.failed)
            yield Progress(use.name, done, max(total, done + failed), step.failed)
        left = use.waiting()
        record(
            DataRenewed(
                resource=f"use:{use.name}", reason=reason, values=done, left=left
            )
        )


def retire(*, reason: str) -> list[str]:
    """Mark the replaced keys under which nothing stored is found; return their ids."""
    reason = require_duty("keys", reason)
    counted = count_uses()
    unused = {key.id for key in _replaced() if not counted.get(key.id)}

    def announce(key_id: str) -> None:
        record(KeyRetired(resource=f"key:{key_id}", reason=reason))

    with _one_transaction():
        return keys.retire_keys(unused, announce=announce) if unused else []


def count_uses() -> dict[str, int]:
    """Return how many stored values are under each key of a renewed purpose."""
    counted: dict[str, int] = {}
    for use in keys.uses():
        if use.purposes <= RENEWED:
            for key_id, number in use.count().items():
                counted[key_id] = counted.get(key_id, 0) + number
    return counted


def values_left() -> int:
    """Return how many stored values are not under the active keys."""
    return sum(use.waiting() for use in keys.uses() if use.purposes <= RENEWED)


def settle() -> None:
    """Wait until every process on this machine goes by the ring as it is now."""
    time.sleep(keys.SETTLED_AFTER)


def _is_half_done(purpose: keys.Purpose, counted: Mapping[str, int]) -> bool:
    """Answer whether stored data still waits for the key that is active already."""
    return any(key.purpose is purpose and counted.get(key.id) for key in _replaced())


def _replaced() -> list[keys.Key]:
    return [
        key
        for purpose in RENEWED
        for key in keys.every(purpose)
        if key.state is keys.State.REPLACED
    ]


def _coming() -> list[keys.Purpose]:
    return [
        key.purpose
        for purpose in keys.Purpose
        for key in keys.every(purpose)
        if key.state is keys.State.COMING
    ]


def _one_transaction() -> transaction.Atomic:
    """Return the block in which a change of the ring and its event stand or fall."""
    return transaction.atomic(using=router.db_for_write(AuditRecord))
