"""Makes the proof of one event, for a third party that has a public key alone."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from jtsec.audit.models import AuditRecord
from jtsec.audit.proof import FORMAT
from jtsec.audit.sealing.api import (
    CheckpointBody,
    MalformedBody,
    checkpoint_of,
    leaf_of,
    members_of,
)
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.audit.sealing.reading import alias
from jtsec.core.exceptions import CannotVerify, ConfigurationError, VerifiedFalse
from jtsec.crypto import merkle
from jtsec.crypto.exceptions import CryptoError
from jtsec.keys import api as keys

from .archived import dropped_ranges
from .key_changes import announcements

Proof = dict[str, Any]
"""A proof as plain values; docs/reference/formats.md says what they mean."""


@dataclass(frozen=True)
class _Sealed:
    index: int
    leaves: list[bytes]


def prove(event: UUID | str | int) -> Proof:
    """
    Return the proof of one event.

    Args:
        event: its number, or the id of its row.

    Raises:
        CannotVerify: there is no such event, or it is not sealed yet.
        VerifiedFalse: it, or its checkpoint, is not what was sealed; nothing can be
            proved by it any more.
    """
    row = _row(event)
    stored, body = _checkpoint(row)
    sealed = _leaves(stored, row)
    if merkle.root(sealed.leaves) != body.root:  # no secret
        text = _("Checkpoint %(number)d is broken; verify the log.")
        raise VerifiedFalse(text % {"number": stored.number})
    return {
        "format": FORMAT,
        "record": {
            "id": row.pk,
            "mac_key_id": row.mac_key_id,
            "mac": bytes(row.mac).hex(),
            "payload": b64encode(bytes(row.payload)).decode("ascii"),
        },
        "index": sealed.index,
        "size": len(sealed.leaves),
        "path": [
            one.hex() for one in merkle.inclusion_path(sealed.leaves, sealed.index)
        ],
        "checkpoint": _plain(stored),
        "chain": [_plain(one) for one in announcements(alias(), before=stored.number)],
        "public_pem": _public_pem(body.key),
    }


def first_public_key() -> str:
    """
    Return the PEM of the key that signed the first checkpoint, for others to keep.

    It leads to every later one, by the announcements that a log or a proof holds.

    Raises:
        ConfigurationError: the key ring cannot be used, or lacks it.
    """
    first = AuditCheckpoint.objects.using(alias()).order_by("number").first()
    if first is None:
        return keys.signing_key()[1].public.to_pem()
    return keys.signing_key_of(first.key_id).public.to_pem()


def _row(event: UUID | str | int) -> AuditRecord:
    rows = AuditRecord.objects.using(alias())
    if isinstance(event, str) and event.isdecimal():
        event = int(event)
    try:
        if isinstance(event, int):
            return rows.get(pk=event)
        return rows.get(event_id=event if isinstance(event, UUID) else UUID(event))
    except (AuditRecord.DoesNotExist, ValueError):
        text = _("There is no event %(event)s.")
        if dropped_ranges():
            text = _(
                "There is no event %(event)s in the database. If it was archived, "
                "restore its segment first."
            )
        raise CannotVerify(text % {"event": event}) from None


def _checkpoint(row: AuditRecord) -> tuple[AuditCheckpoint, CheckpointBody]:
    try:
        stored = checkpoint_of(row.pk)
        if stored is not None:
            return stored, stored.parsed()
    except MalformedBody as error:
        text = _("The checkpoint of record %(record)d is broken; verify the log.")
        raise VerifiedFalse(text % {"record": row.pk}) from error
    text = _("Record %(record)d is not sealed yet; try again in some seconds.")
    raise CannotVerify(text % {"record": row.pk})


def _leaves(stored: AuditCheckpoint, row: AuditRecord) -> _Sealed:
    index = -1
    leaves: list[bytes] = []
    try:
        for one in members_of(stored, only=("mac_key_id", "mac", "payload")):
            if one.pk == row.pk:
                index = len(leaves)
            leaves.append(
                leaf_of(one.pk, one.mac_key_id, bytes(one.mac), bytes(one.payload))
            )
    except (MalformedBody, ValueError) as error:
        text = _("Checkpoint %(number)d is broken; verify the log.")
        raise VerifiedFalse(text % {"number": stored.number}) from error
    return _Sealed(index, leaves)


def _plain(stored: AuditCheckpoint) -> dict[str, str]:
    return {
        "body": b64encode(bytes(stored.body)).decode("ascii"),
        "signature": b64encode(bytes(stored.signature)).decode("ascii"),
    }


def _public_pem(key_id: str) -> str:
    """Return the key for whoever compares; no proof is verified with its own."""
    try:
        return keys.signing_key_of(key_id).public.to_pem()
    except (ConfigurationError, CryptoError):
        return ""
