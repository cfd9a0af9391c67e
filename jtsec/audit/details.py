"""
The sensitive fields of an event, encrypted inside its payload (A5.8).

One box an event: SM4-GCM over the canonical bytes of the fields, in the envelope of
`jtsec.crypto`, bound to the event's id, so that a box moved into another row does not
open.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from jtsec.crypto import envelope
from jtsec.crypto.exceptions import DecryptionFailed
from jtsec.keys import api as keys

from .payload import canonical

CONTEXT = b"jtsec.audit.detail:"


def seal_details(event_id: UUID, values: Mapping[str, Any]) -> str:
    """
    Return the box of an event, in base64.

    Raises:
        ConfigurationError: the key ring cannot be used.
    """
    key_id = keys.active(keys.Purpose.AUDIT_DETAIL).id
    blob = envelope.seal_symmetric(
        key_id, keys.gcm(key_id), canonical(values), CONTEXT + event_id.bytes
    )
    return b64encode(blob).decode("ascii")


def open_details(payload: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the sensitive fields of a payload, empty where it has none.

    Raises:
        CryptoError: the box was altered or belongs to another event.
        ConfigurationError: the key ring cannot be used, or lacks the key.
    """
    box = payload.get("sealed")
    if not box:
        return {}
    if not isinstance(box, str):
        raise DecryptionFailed("the box is no text")
    blob = b64decode(box)
    key_id = envelope.read_header(blob).key_id
    if keys.get(key_id).purpose is not keys.Purpose.AUDIT_DETAIL:
        raise DecryptionFailed("the box names a key of another purpose")
    aad = CONTEXT + UUID(str(payload["id"])).bytes
    opened: dict[str, Any] = json.loads(
        envelope.open_symmetric(blob, keys.gcm(key_id), aad)
    )
    return opened
