"""
Each signed request once: its nonce is stored under a unique key (clause A4.13).

A cache may lose a nonce, and two processes that look before they write both find
nothing. Here the write is the question, and the database answers it: of a hundred that
come in the same instant one is stored.

What is old enough is forgotten, so that the table stays small. How far that went is
written in the same transaction, and read again after a nonce was stored: if it could
be stored only because the first one was forgotten, the horizon says so. A clock that
is set back lets nothing in for the second time.
"""

from __future__ import annotations

import logging
from typing import Final

from django.db import DatabaseError, IntegrityError, connections, router, transaction

from jtsec.core.apart import one_statement_apart
from jtsec.core.clock import elapsed, now
from jtsec.crypto import sm3

from .conf import rest_settings
from .models import NonceHorizon, UsedNonce

NAME: Final = "nonces"
BATCH: Final = 2000
EVERY_SECONDS: Final = 60.0
SPARE_SECONDS: Final = 60
"""Beyond the time in which a request is accepted, for clocks that differ."""

logger = logging.getLogger("jtsec.rest")

_purged_at: float | None = None


def use_up(client: str, nonce: str, signed_at: int) -> bool:
    """
    Use a nonce up; whatever the surrounding transaction does, it stays used.

    Args:
        client: whose.
        nonce: which.
        signed_at: the time in the request, in seconds since 1970.

    Returns:
        Whether it was not used before.

    Raises:
        django.db.Error: that could not be found out; the caller refuses.
    """
    alias = router.db_for_write(UsedNonce)
    digest = sm3.hexdigest(f"{client}\n{nonce}".encode())
    try:
        with one_statement_apart(alias) as apart:
            UsedNonce(digest=digest, signed_at=signed_at).save(
                using=apart, force_insert=True
            )
    except IntegrityError:
        return False
    # In a transaction of its own, after the write: one that began before it could
    # still show the horizon of then.
    with one_statement_apart(alias) as apart:
        return signed_at > _horizon(apart)


def purge_when_due() -> None:
    """Forget old nonces, at most once a minute in each process."""
    global _purged_at  # noqa: PLW0603 - one timer a process
    if _purged_at is not None and elapsed() - _purged_at < EVERY_SECONDS:
        return
    alias = router.db_for_write(UsedNonce)
    if connections[alias].in_atomic_block:
        return  # of somebody else's work, which must not fail on account of this
    _purged_at = elapsed()
    try:
        purge()
    except DatabaseError as error:
        logger.warning("old nonces stay for another minute: %s", type(error).__name__)


def purge() -> int:
    """Forget nonces that no request can come with any more; returns how many."""
    window = rest_settings().signature_seconds
    before = int(now().timestamp()) - 2 * window - SPARE_SECONDS
    alias = router.db_for_write(UsedNonce)
    rows = UsedNonce.objects.using(alias).filter(signed_at__lt=before)
    old = dict(rows.order_by("signed_at").values_list("digest", "signed_at")[:BATCH])
    if not old:
        return 0
    # Before the transaction: on MySQL two that insert and then change it would wait
    # for each other.
    NonceHorizon.objects.using(alias).bulk_create(
        [NonceHorizon(name=NAME)], ignore_conflicts=True
    )
    with transaction.atomic(using=alias):
        # Only forward, and never to a time that no accepted request was signed at: a
        # clock that leaps for a moment must not shut everybody out.
        NonceHorizon.objects.using(alias).filter(
            pk=NAME, signed_at__lt=max(old.values())
        ).update(signed_at=max(old.values()))
        return UsedNonce.objects.using(alias).filter(pk__in=old).delete()[0]


def _horizon(alias: str) -> int:
    rows = NonceHorizon.objects.using(alias).filter(pk=NAME)
    return rows.values_list("signed_at", flat=True).first() or 0
