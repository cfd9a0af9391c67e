"""
Reads rows with all their columns, and holds each against itself.

Two things a row tells without any checkpoint: whether its check value is right, where
the key is at hand, and whether the columns repeat its content, for which no key is
needed. `leaves` reads faster what the checkpoints alone can tell.
"""

from __future__ import annotations

import hmac
from array import array
from collections.abc import Generator
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import TEXT_COLUMNS, columns_of, parse
from jtsec.audit.unreadable import UNREADABLE
from jtsec.core.exceptions import ConfigurationError
from jtsec.crypto.sm3 import KeyedMac
from jtsec.keys import api as keys

from .finding import Kind
from .leaves import leaf_of
from .piece import Fault, Piece

PAGE: Final = 2000
"""Rows of one statement."""

COPIES: Final = ("event_id", "at", "severity", "actor_is_police", *TEXT_COLUMNS)
"""The columns that repeat a part of the content."""

SEALED: Final = ("id", "mac_key_id", "mac", "payload")


class Examiner:
    """
    Says of a row whether it is what was written, as far as it tells by itself.

    Args:
        has_ring: whether to ask the key ring for the keys of the check values.
    """

    def __init__(self, *, has_ring: bool) -> None:
        self._has_ring = has_ring
        self._macs: dict[str, KeyedMac | None] = {}

    def read(self, using: str, low: int, high: int) -> Generator[Piece]:
        """Yield the rows whose ids lie between two, with what is wrong with each."""
        rows = AuditRecord.objects.using(using).order_by("id")
        while low <= high:
            found = _columns(rows.filter(pk__gte=low, pk__lte=high)[:PAGE])
            if found:
                yield self._examined(found)
            if len(found) < PAGE:
                return
            low = found[-1][0] + 1

    def of_ids(self, using: str, ids: list[int]) -> Piece:
        """Return the rows of some ids, few enough for one statement."""
        rows = AuditRecord.objects.using(using).filter(pk__in=ids).order_by("id")
        return self._examined(_columns(rows))

    def _examined(self, rows: list[tuple[Any, ...]]) -> Piece:
        piece = Piece(array("q", [row[0] for row in rows]))
        for row in rows:
            piece.leaves.append(leaf_of(*row[:4]))
            fault = self._fault_of(row)
            if fault is not None:
                piece.faults[row[0]] = fault
        return piece

    def _fault_of(self, row: tuple[Any, ...]) -> Fault | None:
        _id, key_id, mac, content = row[:4]
        payload = bytes(content)
        fault = self._mac_fault(key_id, bytes(mac), payload)
        if fault is not None and fault.kind is Kind.ALTERED:
            return fault
        if len(row) == len(SEALED):
            return Fault(
                Kind.COLUMN_ALTERED, _("a column holds what cannot be read there")
            )
        try:
            expected = columns_of(parse(payload))
        except (ValueError, KeyError, TypeError):
            return fault or Fault(Kind.KEY_MISSING, _("its format is not known here"))
        found, wanted = row[4:], tuple(map(expected.__getitem__, COPIES))
        # Run over whole rows first: of a million, none or one differs as a rule.
        if found == wanted and [*map(type, found)] == [*map(type, wanted)]:
            return fault
        different = [
            name
            for name, one, other in zip(COPIES, found, wanted, strict=True)
            if not _is_same(one, other)
        ]
        if different:
            names = ", ".join(different)
            return Fault(
                Kind.COLUMN_ALTERED, _("altered: %(names)s") % {"names": names}
            )
        return fault

    def _mac_fault(self, key_id: str, mac: bytes, payload: bytes) -> Fault | None:
        if not self._has_ring:
            return None
        try:
            keyed = self._mac_under(key_id)
        except ConfigurationError:
            text = _("the key %(key)s of its check value is not at hand")
            return Fault(Kind.KEY_MISSING, text % {"key": key_id})
        if keyed is None:
            # A check value under a key of another control is no statement of the audit.
            return Fault(
                Kind.ALTERED, _("its check value is under another kind of key")
            )
        if not hmac.compare_digest(keyed.mac(payload), mac):
            return Fault(Kind.ALTERED, _("its check value does not fit its content"))
        return None

    def _mac_under(self, key_id: str) -> KeyedMac | None:
        if key_id not in self._macs:
            is_ours = keys.get(key_id).purpose is keys.Purpose.AUDIT_MAC
            self._macs[key_id] = keys.keyed_mac(key_id) if is_ours else None
        return self._macs[key_id]


def _columns(rows: QuerySet[AuditRecord]) -> list[tuple[Any, ...]]:
    """Return rows with all their columns; of an unreadable one what is sealed."""
    try:
        return list(rows.values_list(*SEALED, *COPIES))
    except UNREADABLE:
        # Which one it is shows only where each is read by itself.
        return [_alone(row, rows.db) for row in rows.values_list(*SEALED)]


def _alone(row: tuple[Any, ...], using: str) -> tuple[Any, ...]:
    one = AuditRecord.objects.using(using).filter(pk=row[0])
    try:
        copies = one.values_list(*COPIES).first()
    except UNREADABLE:
        return row
    return (*row, *copies) if copies else row


def _is_same(found: Any, expected: Any) -> bool:
    # True equals 1, and "10" is not 10: the kind is part of what was written.
    return type(found) is type(expected) and bool(found == expected)
