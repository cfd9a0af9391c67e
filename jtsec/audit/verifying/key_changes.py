"""The checkpoints that announce a new signing key, from the first key on."""

from __future__ import annotations

from jtsec.audit.sealing.api import MalformedBody
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.crypto.exceptions import CryptoError

from .trust import Trust


def announcements(using: str, before: int | None = None) -> list[AuditCheckpoint]:
    """
    Return the checkpoints that announce a key, in order; not verified.

    They are found by the column that names the signing key. An attacker who alters it
    can hide one, and then the signatures of that key find no believer.

    Args:
        using: the alias of the database.
        before: leave out those of this number and above; None for all.
    """
    rows = AuditCheckpoint.objects.using(using).order_by("number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    found: list[AuditCheckpoint] = []
    at = rows.first()
    while at is not None:
        # The last one of a key announces the next; keys are few, so the steps are.
        following = rows.filter(number__gt=at.number).exclude(key_id=at.key_id).first()
        until = rows if following is None else rows.filter(number__lt=following.number)
        last = until.last()
        if last is not None and _announces(last):
            found.append(last)
        at = following
    return found


def believe_announced(trust: Trust, using: str) -> None:
    """Let the keys be believed that believed ones have announced."""
    for stored in announcements(using):
        content = bytes(stored.body)
        try:
            body = stored.parsed()
            key = trust.get(body.public)
            if key is None or body.next_key is None:
                continue
            key.verify(content, bytes(stored.signature))
            trust.believe(body.next_key.public_pem)
        except (MalformedBody, CryptoError):
            # The walk over the chain names what is wrong with it.
            continue


def _announces(stored: AuditCheckpoint) -> bool:
    try:
        return stored.parsed().next_key is not None
    except MalformedBody:
        return False
