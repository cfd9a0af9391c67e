"""
What a checkpoint takes: the records that are due, each held against its check value.

Signing a row whose check value is wrong would launder it: from then on the signature
would say that the altered row is what was written. Such a row stays outside, its number
a gap, and is told of.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from jtsec.audit.models import AuditRecord
from jtsec.crypto.sm3 import KeyedMac
from jtsec.keys import api as keys

from .gaps import Gap
from .leaf import leaf_of
from .reading import sealed_among

RANGES: Final = 200
"""Gaps of one statement; SQLite before 3.32 takes 999 parameters."""

_ID: Final = b'"id":"'
_UUID_LENGTH: Final = 36

Columns = tuple[int, str, str, bytes, bytes]
"""Id, event number, key of the check value, check value, canonical bytes."""


@dataclass
class Intake:
    """
    What was found, in ascending order of the ids.

    Args:
        members: id and hash of the leaf of those that will be sealed.
        sealed: ids that a checkpoint names already.
        altered: ids whose check value, key or number is not its record's.
        unknown: ids whose check value is under a key that is not at hand.
        is_exhausted: whether nothing more was there to look at.
    """

    members: list[tuple[int, bytes]] = field(default_factory=list)
    sealed: list[int] = field(default_factory=list)
    altered: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)
    is_exhausted: bool = True

    @property
    def ids(self) -> list[int]:
        """Return the ids of the members."""
        return [one for one, _leaf in self.members]


def late_records(gaps: Sequence[Gap], limit: int, using: str) -> Intake:
    """
    Return what has appeared in open gaps.

    Args:
        gaps: the open gaps, ascending.
        limit: how many records to take at most.
        using: the alias of the database.
    """
    intake = Intake()
    macs = _Macs()
    for start in range(0, len(gaps), RANGES):
        some = gaps[start : start + RANGES]
        rows = _rows(using).filter(within((gap.low, gap.high) for gap in some))
        _take(rows, some[0].low - 1, limit, macs, intake)
    _leave_out_sealed(intake)
    return intake


def _leave_out_sealed(intake: Intake) -> None:
    """
    Leave out what is a member of another checkpoint.

    What the table says of open gaps proves nothing. A record named twice, by our own
    signature, would be one that is missing for ever.
    """
    named = sealed_among(intake.ids)
    intake.sealed = sorted(named)
    intake.members = [one for one in intake.members if one[0] not in named]


def new_records(after: int, limit: int, using: str) -> Intake:
    """
    Return the records behind an id.

    Args:
        after: the id.
        limit: how many records to take at most.
        using: the alias of the database.
    """
    intake = Intake()
    _take(_rows(using), after, limit, _Macs(), intake)
    return intake


def within(ranges: Iterable[Sequence[int]]) -> Q:
    """Return what holds of an id in one of the ranges, of which there must be some."""
    wanted = Q()
    for low, high in ranges:
        wanted |= Q(pk__gte=low, pk__lte=high)
    return wanted


def _take(
    rows: QuerySet[AuditRecord, Columns],
    after: int,
    limit: int,
    macs: _Macs,
    intake: Intake,
) -> None:
    """
    Add records until there are enough of them or no more.

    Rows that cannot be sealed are passed over, or enough of them would keep everything
    behind them from being sealed.
    """
    while (left := limit - len(intake.members)) > 0:
        found = list(rows.filter(pk__gt=after)[:left])
        _examine(found, macs, intake)
        if len(found) < left:
            return
        after = found[-1][0]
    intake.is_exhausted = False


def _rows(using: str) -> QuerySet[AuditRecord, Columns]:
    return (
        AuditRecord.objects.using(using)
        .order_by("pk")
        # As text, since making an object of each number takes as long as its leaf.
        .values_list(
            "pk", Cast("event_id", CharField()), "mac_key_id", "mac", "payload"
        )
    )


def _examine(rows: Iterable[Columns], macs: _Macs, intake: Intake) -> None:
    """Put each row where it belongs."""
    compare = hmac.compare_digest
    for record_id, event_id, key_id, stored, content in rows:
        payload, mac = bytes(content), bytes(stored)
        try:
            keyed = macs[key_id]
        except keys.UnknownKey:
            intake.unknown.append(record_id)
            continue
        is_right = keyed is not None and compare(keyed.mac(payload), mac)
        # A copy of a row has a right check value and another number.
        if is_right and _number_in(payload) == event_id.replace("-", ""):
            leaf = leaf_of(record_id, key_id, mac, payload)
            intake.members.append((record_id, leaf))
        else:
            intake.altered.append(record_id)


def _number_in(payload: bytes) -> str:
    """
    Return the event number that canonical bytes hold.

    The last `"id":"` is the outermost one: what is sorted behind it holds no such name,
    and in a text the quotes would be escaped. Parsing would take as long as the leaf.
    """
    start = payload.rfind(_ID) + len(_ID)
    return (
        payload[start : start + _UUID_LENGTH]
        .decode("ascii", "replace")
        .replace("-", "")
    )


class _Macs(dict[str, "KeyedMac | None"]):
    """The check values' keys by id; None for a key of another purpose."""

    def __missing__(self, key_id: str) -> KeyedMac | None:
        is_ours = keys.get(key_id).purpose is keys.Purpose.AUDIT_MAC
        self[key_id] = keys.keyed_mac(key_id) if is_ours else None
        return self[key_id]
