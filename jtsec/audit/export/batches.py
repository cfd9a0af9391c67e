"""
Packs entries into batches: one log, at most a hundred rows, at most a megabyte.

The number of a batch is made of what is in it, so that the same events give the same
number: a receiver that was asked twice can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from jtsec.crypto import sm3

from . import json_v2, xml_v1
from .conf import export_settings
from .log_entry import Kind, LogEntry

FORMATS: Final[dict[str, ModuleType]] = {"v1": xml_v1, "v2": json_v2}
OVERHEAD: Final = 4_096
"""Bytes kept free for what stands around the rows in a message."""


@dataclass(frozen=True)
class Batch:
    """
    What is handed over at once.

    Args:
        send_id: 32 hexadecimal digits; the same rows have the same ones.
        form: "v1" or "v2".
        kind: which log.
        rows: how many.
        content: the XML document, or the JSON array, as bytes.
    """

    send_id: str
    form: str
    kind: Kind
    rows: int
    content: bytes


def pack(entries: Iterable[LogEntry], form: str) -> Iterator[Batch]:
    """
    Yield batches; the order of the events is kept within each log.

    Args:
        entries: of both logs mixed.
        form: "v1" or "v2".
    """
    parcels = {kind: _Parcel(kind, form) for kind in Kind}
    for entry in entries:
        parcel = parcels[entry.kind]
        row = parcel.format.row(entry)
        if not parcel.has_room_for(row):
            yield parcel.close()
            parcel = parcels[entry.kind] = _Parcel(entry.kind, form)
        parcel.add(entry.number, row)
    for parcel in parcels.values():
        if parcel.rows:
            yield parcel.close()


class _Parcel:
    """The batch of one log that is being filled."""

    def __init__(self, kind: Kind, form: str) -> None:
        settings = export_settings()
        self.format = FORMATS[form]
        self.rows: list[str] = []
        self._kind = kind
        self._form = form
        self._numbers: list[str] = []
        self._left = settings.batch_bytes - OVERHEAD
        self._limit = settings.batch_rows

    def has_room_for(self, row: str) -> bool:
        if not self.rows:
            return True
        return len(self.rows) < self._limit and self.format.size(row) < self._left

    def add(self, number: str, row: str) -> None:
        self.rows.append(row)
        self._numbers.append(number)
        self._left -= self.format.size(row) + 1

    def close(self) -> Batch:
        named = f"{self._form}&{self._kind}&{'&'.join(self._numbers)}"
        return Batch(
            send_id=sm3.hexdigest(named.encode())[:32],
            form=self._form,
            kind=self._kind,
            rows=len(self.rows),
            content=self.format.document(export_settings().system_id, self.rows),
        )
