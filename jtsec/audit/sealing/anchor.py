"""
What an anchor is: a place outside of the database that holds the checkpoints too.

Whoever owns the database can cut its end, rows and checkpoints alike, and what is left
proves nothing of what is gone. An anchor that they do not own does.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from jtsec.audit.canonical import canonical

from .body import LARGEST_ID, hash_of
from .models import AuditCheckpoint


@dataclass(frozen=True)
class AnchoredCheckpoint:
    """
    One checkpoint as an anchor has it.

    Args:
        number: its number.
        hash: over body and signature, computed from them and not believed; 32 bytes.
        line: the line as it stands there.
    """

    number: int
    hash: bytes
    line: str

    @property
    def body(self) -> bytes:
        """Return the bytes that were signed."""
        return b64decode(json.loads(self.line)["body"])

    @property
    def signature(self) -> bytes:
        """Return the signature over them."""
        return b64decode(json.loads(self.line)["signature"])


@dataclass(frozen=True)
class Tail:
    """The last checkpoint of an anchor, and where it ends: bytes, or a row's number."""

    checkpoint: AnchoredCheckpoint
    position: int


class Anchor(Protocol):
    """One place that holds checkpoints."""

    name: str

    def write(self, checkpoints: Sequence[AuditCheckpoint]) -> None:
        """
        Append checkpoints, durably.

        Raises:
            OSError, django.db.Error: not all of them were written.
        """

    def read(self) -> Iterator[AnchoredCheckpoint]:
        """
        Yield what it holds, in the order in which it was written.

        A line that is none, such as one that a full disk cut off, is left out.

        Raises:
            CannotRead: it is not there, or takes and never gives.
        """

    def tail(self) -> Tail | None:
        """
        Return the last one that it holds, None where it is empty.

        Raises:
            CannotRead: as `read`.
        """


def line_of(checkpoint: AuditCheckpoint, *, whole: bool = True) -> str:
    """
    Return the line that stands for a checkpoint; format 1, without its line break.

    Args:
        checkpoint: which.
        whole: with body and signature; without them for what takes only short lines.
    """
    body = checkpoint.parsed()
    value = {
        "v": 1,
        "log": body.log,
        "number": body.number,
        "hash": bytes(checkpoint.hash).hex(),
        "at": body.at,
    }
    if whole:
        value["body"] = b64encode(bytes(checkpoint.body)).decode("ascii")
        value["signature"] = b64encode(bytes(checkpoint.signature)).decode("ascii")
    return canonical(value).decode("utf-8")


def parse_line(line: str) -> AnchoredCheckpoint | None:
    """Return what a line holds, or None where it holds no whole checkpoint."""
    try:
        value = json.loads(line)
        body = b64decode(value["body"], validate=True)
        digest = hash_of(body, b64decode(value["signature"], validate=True))
        number = json.loads(body)["number"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    # True is an int to Python; and no database looks for a larger one.
    if type(number) is not int or not 1 <= number <= LARGEST_ID:
        return None
    return AnchoredCheckpoint(number, digest, line)
