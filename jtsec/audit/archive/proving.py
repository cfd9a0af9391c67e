"""
Reads a segment from its first byte to its last and says whether it is what was sealed.

Shallow needs a public key and nothing else: the digest of every byte, the signature,
and which checkpoints the file states that it holds. Deep opens it as well: frames,
check values, the Merkle root of every checkpoint against its signed body, and the chain
from one checkpoint to the next.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from jtsec.audit.sealing.api import MalformedBody, parse_body
from jtsec.core.exceptions import ConfigurationError
from jtsec.crypto import merkle, sm2, sm3
from jtsec.crypto.exceptions import InvalidSignature
from jtsec.keys import api as keys

from .exceptions import SegmentAltered, SegmentUnreadable
from .frames import BrokenFrames, read_frames, skip_frames
from .items import (
    ArchivedCheckpoint,
    ArchivedRecord,
    Item,
    MalformedItem,
    parse_items,
)
from .manifest import Manifest, WrongManifest, verify_manifest
from .ranges import merged
from .segment_head import open_head, read_bytes

LARGEST: Final = 64 * 1024 * 1024


@dataclass(frozen=True)
class Proof:
    """What was proved: the statement, its bytes and its signature."""

    manifest: Manifest
    content: bytes
    signature: bytes


Trusted = Sequence[sm2.PublicKey] | None
"""Whom to trust; None for the ring."""


def prove(path: Path, name: str, *, deep: bool, trusted: Trusted = None) -> Proof:
    """
    Return what a segment states, once that was proved.

    Args:
        path: the file.
        name: the name it was archived under.
        deep: open it and prove every row.
        trusted: whose signature is believed; None for the keys of the ring.

    Raises:
        SegmentAltered: it is not what was archived.
        SegmentUnreadable: it is not there, or a key is missing.
    """
    with opened(path, name) as file:
        head = read_bytes(file, name)
        states = None
        if deep:
            states = _Reckoning(name)
            for frame in read_frames(file, head, open_head(head, name).gcm):
                for item in parse_items(frame):
                    states.take(item)
            states.close()
        else:
            skip_frames(file)
        digest, size = file.digest(), file.size
        proof = _stated(file, name, trusted)
    manifest = proof.manifest
    if manifest.size != size or not hmac.compare_digest(manifest.digest, digest):
        raise SegmentAltered(name, "the digest of the file is not the one signed")
    if manifest.segment != name:
        raise SegmentAltered(name, f"this is the segment {manifest.segment}")
    if states is not None:
        states.require(manifest)
    return proof


def read_items(path: Path, name: str) -> Iterator[Item]:
    """Yield what a segment holds, authenticated frame by frame; raises as `prove`."""
    with opened(path, name) as file:
        head = read_bytes(file, name)
        for frame in read_frames(file, head, open_head(head, name).gcm):
            yield from parse_items(frame)


def read_records(path: Path, name: str) -> Iterator[ArchivedRecord]:
    """Yield the records alone; see `read_items`."""
    return (one for one in read_items(path, name) if isinstance(one, ArchivedRecord))


class HashingFile:
    """A file that hashes what is read from it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = sm3.new()
        self.size = 0

    def read(self, size: int) -> bytes:
        """Read so many bytes, or what is left."""
        found = self._file.read(size)
        self._hash.update(found)
        self.size += len(found)
        return found

    def digest(self) -> str:
        """Return the SM3 of what was read so far, in hexadecimal."""
        return self._hash.hexdigest()


@contextmanager
def opened(path: Path, name: str) -> Iterator[HashingFile]:
    """Open a segment; what goes wrong in the block is told as what it means."""
    try:
        with path.open("rb") as file:
            yield HashingFile(file)
    except FileNotFoundError as error:
        raise SegmentUnreadable(f"{path} is not there") from error
    except OSError as error:
        raise SegmentUnreadable(f"{path} cannot be read: {error}") from error
    except (BrokenFrames, MalformedItem, WrongManifest, MalformedBody) as error:
        raise SegmentAltered(name, str(error)) from error
    except UnicodeDecodeError as error:
        raise SegmentAltered(name, "a record is malformed") from error
    except ConfigurationError as error:
        raise SegmentUnreadable(f"{name}: {error}") from error


def _stated(file: HashingFile, name: str, trusted: Trusted) -> Proof:
    parts = []
    for _part in ("statement", "signature"):
        size = int.from_bytes(file.read(4), "big")
        found = file.read(min(size, LARGEST))
        if not size or len(found) != size:
            raise SegmentAltered(name, "the file is cut short")
        parts.append(found)
    if file.read(1):
        raise SegmentAltered(name, "something was added to the file")
    content, signature = parts
    return Proof(verify_manifest(content, signature, trusted), content, signature)


class _Reckoning:
    """What the items of a segment come to, checkpoint by checkpoint."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._numbers: list[int] = []
        self._runs: list[tuple[int, int]] = []
        self._rows = 0
        self._previous = b""
        self._members: Iterator[int] = iter(())
        self._tree = merkle.Tree()
        self._root = merkle.EMPTY_ROOT
        self._count = 0

    def take(self, item: Item) -> None:
        """Take the next item; raise where it does not fit."""
        if isinstance(item, ArchivedCheckpoint):
            self.close()
            self._begin(item)
        else:
            self._add(item)

    def _begin(self, item: ArchivedCheckpoint) -> None:
        body = parse_body(item.body)
        if self._numbers and (
            body.number != self._numbers[-1] + 1 or body.previous != self._previous
        ):
            raise SegmentAltered(
                self._name, f"checkpoint {body.number} is out of order"
            )
        self._numbers.append(body.number)
        self._previous = sm3.digest(item.body + item.signature)
        self._members = body.members()
        self._runs.extend((one, one) for one in body.late)
        self._runs.extend(body.runs())
        self._root, self._count = body.root, body.count
        self._tree = merkle.Tree()

    def _add(self, record: ArchivedRecord) -> None:
        if next(self._members, None) != record.id:
            raise SegmentAltered(self._name, f"record {record.id} is out of place")
        _require_mac(record, self._name)
        self._tree.append(record.leaf())
        self._rows += 1

    def close(self) -> None:
        """Compare the last checkpoint's root; raise where it is another."""
        same = hmac.compare_digest(self._tree.root(), self._root)
        if not same or len(self._tree) != self._count:
            last = self._numbers[-1] if self._numbers else 0
            what = f"the rows are not those that checkpoint {last} seals"
            raise SegmentAltered(self._name, what)

    def require(self, manifest: Manifest) -> None:
        """Compare with what the segment states of itself."""
        stated = (manifest.first, manifest.last, manifest.rows, manifest.ids)
        found = (
            min(self._numbers, default=0),
            max(self._numbers, default=0),
            self._rows,
            merged(self._runs),
        )
        if stated != found or manifest.last_hash != self._previous.hex():
            raise SegmentAltered(self._name, "the statement is not that of the rows")


def _require_mac(record: ArchivedRecord, name: str) -> None:
    # A check value under another control's key is no statement of the audit.
    if keys.get(record.mac_key_id).purpose is not keys.Purpose.AUDIT_MAC:
        raise SegmentAltered(name, f"record {record.id} names another control's key")
    try:
        keys.verify_mac(record.mac_key_id, record.payload, record.mac)
    except InvalidSignature as error:
        what = f"the check value of record {record.id} is wrong"
        raise SegmentAltered(name, what) from error
