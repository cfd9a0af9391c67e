"""
The body of a checkpoint: what is signed, as canonical bytes (format 1).

    {"at":"…Z","count":3,"first":1,"gaps":[[2,2]],"key":"…","last":4,"late":[],
     "log":"…","number":1,"previous":"…","public":"…","root":"…","v":1}

A checkpoint stands for the ids from `first` to `last` without those in `gaps`, and for
the ids in `late`, each of which is a gap of an earlier checkpoint. So it is written
down and signed of every id whether it belongs, and to which checkpoint. The ranges of
successive checkpoints follow on each other without a hole; one that seals only late
rows, or only announces a key, has an empty range (`last` = `first` - 1).

Plain Python: a proof is verified without Django.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from jtsec.audit.canonical import canonical
from jtsec.crypto import merkle, sm3

VERSION: Final = 1
LARGEST_ID: Final = 2**63 - 1
NO_PREVIOUS: Final = bytes(sm3.SIZE)
"""Stands for the predecessor of the first checkpoint."""

FIELDS: Final = frozenset(
    {
        *("v", "log", "number", "first", "last", "count", "gaps", "late"),
        *("root", "previous", "at", "key", "public"),
    }
)
NEXT_KEY: Final = "next_key"
NEXT_KEY_FIELDS: Final = frozenset({"id", "public_pem"})

_AT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_LOG: Final = re.compile(r"[0-9a-f]{32}")

Ranges = tuple[tuple[int, int], ...]
"""Ids as ranges, both ends included, ascending and apart."""


class MalformedBody(ValueError):
    """Says that bytes are no body of a checkpoint of a known version."""


@dataclass(frozen=True)
class NextKey:
    """
    Announces the key that signs the checkpoints after this one.

    Args:
        id: its id in the key ring.
        public_pem: its public half.
    """

    id: str
    public_pem: str


@dataclass(frozen=True)
class CheckpointBody:
    """
    What a checkpoint says.

    Args:
        log: which log, 32 hexadecimal digits; random, so that the checkpoints of two
            installations cannot be mixed.
        number: 1 for the first, then without a hole.
        first: the lowest id of the range; follows on the predecessor's `last`.
        last: the highest id of the range; `first` - 1 where it is empty.
        count: how many records are members.
        gaps: ids of the range that are no members.
        late: ids below the range that are members.
        root: Merkle root over the members' leaves, ascending by id; 32 bytes.
        previous: hash of the checkpoint before, 32 bytes; `NO_PREVIOUS` for the first.
        at: when it was made, in UTC; never before its predecessor.
        key: id of the signing key.
        public: fingerprint of its public half.
        next_key: the key that signs from the next checkpoint on, where it changes.
    """

    log: str
    number: int
    first: int
    last: int
    count: int
    gaps: Ranges
    late: tuple[int, ...]
    root: bytes
    previous: bytes
    at: str
    key: str
    public: str
    next_key: NextKey | None = None

    def to_bytes(self) -> bytes:
        """Return the canonical bytes, which are signed and stored."""
        value: dict[str, Any] = {
            "v": VERSION,
            "log": self.log,
            "number": self.number,
            "first": self.first,
            "last": self.last,
            "count": self.count,
            "gaps": [list(one) for one in self.gaps],
            "late": list(self.late),
            "root": self.root.hex(),
            "previous": self.previous.hex(),
            "at": self.at,
            "key": self.key,
            "public": self.public,
        }
        if self.next_key is not None:
            value[NEXT_KEY] = vars(self.next_key)
        return canonical(value)

    @property
    def made_at(self) -> datetime:
        """Return when it was made, aware, in UTC."""
        return datetime.fromisoformat(self.at)

    def has_member(self, record_id: int) -> bool:
        """Answer whether a record of this id belongs to this checkpoint."""
        if record_id < self.first:
            index = bisect_left(self.late, record_id)
            return index < len(self.late) and self.late[index] == record_id
        return record_id <= self.last and not is_within(self.gaps, record_id)

    def members(self) -> Iterator[int]:
        """Yield the ids of the members, ascending: the order of the leaves."""
        yield from self.late
        for low, high in self.runs():
            yield from range(low, high + 1)

    def runs(self) -> Iterator[tuple[int, int]]:
        """Yield the members of the range as ranges: the range without its gaps."""
        start = self.first
        for low, high in self.gaps:
            if low > start:
                yield start, low - 1
            start = high + 1
        if start <= self.last:
            yield start, self.last


def is_within(ranges: Ranges, record_id: int) -> bool:
    """Answer whether an id lies in one of the ranges."""
    index = bisect_right(ranges, (record_id, LARGEST_ID)) - 1
    return index >= 0 and record_id <= ranges[index][1]


def hash_of(body: bytes, signature: bytes) -> bytes:
    """Return the hash of a checkpoint: over body and signature, 32 bytes."""
    return sm3.digest(body + signature)


def parse_body(data: bytes) -> CheckpointBody:
    """
    Return what a body says.

    Args:
        data: the bytes as stored; read nothing from them before the signature holds.

    Raises:
        MalformedBody: they are no canonical body of version 1, or contradict
            themselves: ranges out of order, a count that is not that of the ids.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise MalformedBody("the body of a checkpoint is no JSON") from error
    if not isinstance(value, dict) or value.get("v") != VERSION:
        raise MalformedBody("not the body of a checkpoint of version 1")
    if value.keys() - {NEXT_KEY} != FIELDS:
        raise MalformedBody("a checkpoint lacks a field or has an unknown one")
    body = CheckpointBody(
        log=_text(value, "log", _LOG),
        number=_number(value, "number", least=1),
        first=_number(value, "first", least=1),
        last=_number(value, "last"),
        count=_number(value, "count"),
        gaps=tuple(_range(one) for one in _list(value, "gaps")),
        late=tuple(_id(one) for one in _list(value, "late")),
        root=bytes.fromhex(_text(value, "root", _HASH)),
        previous=bytes.fromhex(_text(value, "previous", _HASH)),
        at=_text(value, "at", _AT),
        key=_text(value, "key"),
        public=_text(value, "public", _HASH),
        next_key=_next_key(value.get(NEXT_KEY)),
    )
    _require_consistent(body)
    # One checkpoint has one form: other bytes that say the same were not signed so.
    if body.to_bytes() != bytes(data):
        raise MalformedBody("the body of a checkpoint is not in its canonical form")
    return body


def _require_consistent(body: CheckpointBody) -> None:
    """Refuse ids that are told twice, out of order, or counted wrongly."""
    if body.last < body.first - 1:
        raise MalformedBody("the range of a checkpoint ends before it begins")
    end = body.first - 2
    for low, high in body.gaps:
        # Ranges that touch would be one: two forms of the same.
        if not end + 1 < low <= high <= body.last:
            raise MalformedBody("the gaps of a checkpoint are out of order")
        end = high
    if any(one >= two for one, two in zip(body.late, body.late[1:], strict=False)):
        raise MalformedBody("the late ids of a checkpoint are out of order")
    if body.late and body.late[-1] >= body.first:
        raise MalformedBody("a late id of a checkpoint lies in its range")
    within = body.last - body.first + 1
    gone = sum(high - low + 1 for low, high in body.gaps)
    if body.count != within - gone + len(body.late):
        raise MalformedBody("the count of a checkpoint is not that of its ids")
    if not body.count and body.root != merkle.EMPTY_ROOT:
        raise MalformedBody("a checkpoint without members has another root")


def _next_key(value: Any) -> NextKey | None:
    if value is None:
        return None
    if not isinstance(value, dict) or value.keys() != NEXT_KEY_FIELDS:
        raise MalformedBody("a checkpoint announces a key in an unknown form")
    return NextKey(_text(value, "id"), _text(value, "public_pem"))


def _text(
    value: Mapping[str, Any], name: str, form: re.Pattern[str] | None = None
) -> str:
    found = value[name]
    if not isinstance(found, str) or not found:
        raise MalformedBody(f"{name} of a checkpoint is no text")
    if form is not None and not form.fullmatch(found):
        raise MalformedBody(f"{name} of a checkpoint has another form")
    return found


def _number(value: Mapping[str, Any], name: str, least: int = 0) -> int:
    found = _id(value[name])
    if found < least:
        raise MalformedBody(f"{name} of a checkpoint is too low")
    return found


def _list(value: Mapping[str, Any], name: str) -> list[Any]:
    found = value[name]
    if not isinstance(found, list):
        raise MalformedBody(f"{name} of a checkpoint is no list")
    return found


def _range(value: Any) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise MalformedBody("a gap of a checkpoint is no range")
    return _id(value[0]), _id(value[1])


def _id(value: Any) -> int:
    # True is an int to Python, and no id.
    if type(value) is not int or not 0 <= value <= LARGEST_ID:
        raise MalformedBody("a number of a checkpoint is no id")
    return value
