"""
What stands in the frames: checkpoints, each followed by its records.

A record is written as the bytes of its leaf without their prefix: id, key of the check
value, check value, payload. Every column of the table is made of these, so a row that
comes back is the row that went, whatever columns a later version has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jtsec.audit.sealing.api import leaf_of
from jtsec.audit.sealing.models import AuditCheckpoint

CHECKPOINT: Final = b"C"
RECORD: Final = b"R"
_MAC: Final = 32


class MalformedItem(ValueError):
    """Says that authentic bytes hold no items of version 1."""


@dataclass(frozen=True)
class ArchivedCheckpoint:
    """A checkpoint as it was signed."""

    number: int
    body: bytes
    signature: bytes


@dataclass(frozen=True)
class ArchivedRecord:
    """A record as it was sealed."""

    id: int
    mac_key_id: str
    mac: bytes
    payload: bytes

    def leaf(self) -> bytes:
        """Return the hash of its leaf, 32 bytes."""
        return leaf_of(self.id, self.mac_key_id, self.mac, self.payload)


Item = ArchivedCheckpoint | ArchivedRecord


def checkpoint_item(checkpoint: AuditCheckpoint) -> bytes:
    """Return the bytes of a checkpoint."""
    body, signature = bytes(checkpoint.body), bytes(checkpoint.signature)
    content = b"".join(
        (
            checkpoint.number.to_bytes(8, "big"),
            len(body).to_bytes(4, "big"),
            body,
            signature,
        )
    )
    return _item(CHECKPOINT, content)


def record_item(record: ArchivedRecord) -> bytes:
    """Return the bytes of a record."""
    key = record.mac_key_id.encode("utf-8")
    content = b"".join(
        (
            record.id.to_bytes(8, "big"),
            bytes((len(key),)),
            key,
            record.mac,
            record.payload,
        )
    )
    return _item(RECORD, content)


def _item(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "big") + content


def parse_items(frame: bytes) -> Iterator[Item]:
    """
    Yield the items of one frame.

    Raises:
        MalformedItem: the bytes are of another form.
    """
    place = 0
    while place < len(frame):
        kind = frame[place : place + 1]
        start = place + 5
        place = start + int.from_bytes(frame[place + 1 : start], "big")
        if place > len(frame):
            raise MalformedItem("an item is longer than its frame")
        content = frame[start:place]
        if kind == RECORD:
            yield _record(content)
        elif kind == CHECKPOINT:
            yield _checkpoint(content)
        else:
            raise MalformedItem("an item of an unknown kind")


def _record(content: bytes) -> ArchivedRecord:
    key_end = 9 + content[8] if len(content) > 8 else len(content)
    if len(content) < key_end + _MAC:
        raise MalformedItem("a record is cut short")
    return ArchivedRecord(
        id=int.from_bytes(content[:8], "big"),
        mac_key_id=content[9:key_end].decode("utf-8"),
        mac=content[key_end : key_end + _MAC],
        payload=content[key_end + _MAC :],
    )


def _checkpoint(content: bytes) -> ArchivedCheckpoint:
    end = 12 + int.from_bytes(content[8:12], "big")
    if len(content) <= end:
        raise MalformedItem("a checkpoint is cut short")
    return ArchivedCheckpoint(
        number=int.from_bytes(content[:8], "big"),
        body=content[12:end],
        signature=content[end:],
    )
