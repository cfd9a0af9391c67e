"""
Many events at once, for what reads the log: each with its right check value.

    audit_rows.make(1_000_000, sealed=True)      # in the database "default"

The rows are those of an office: 500 people, twenty actions, one event every few
seconds. PostgreSQL takes them by COPY in binary form, the others by `executemany`, so
that making ten million is a matter of minutes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.core.management.color import no_style
from django.db import connections, transaction

from jtsec.audit import counted_columns
from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import canonical, columns_of
from jtsec.audit.sealing.api import last_checkpoint
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.audit.sealing.signing import Predecessor, predecessor_of, signed
from jtsec.audit.verifying.leaves import leaf_of
from jtsec.keys import api as keys

PEOPLE: Final = 500
BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
STEP: Final = timedelta(milliseconds=2500)
ROWS_OF_A_WRITE: Final = 5000
ROWS_OF_A_CHECKPOINT: Final = 10_000
MANY: Final = 100_000
"""Rows from which on the indexes are made anew instead of kept."""

POSTGRES_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
COPY_HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COPY_END: Final = b"\xff\xff"
ACTIONS: Final = tuple(
    f"{subject}:{verb}"
    for subject in (
        "permits:permit",
        "vehicles:vehicle",
        "drivers:licence",
        "fines:fine",
    )
    for verb in ("viewed", "created", "changed", "printed", "closed")
)
VARYING: Final = ("id", "event_id", "at", "resource", "request_id", "payload", "mac")


@dataclass(frozen=True)
class Pattern:
    """
    What the events of one person doing one thing have in common.

    Args:
        person: a number below `PEOPLE`.
        code: what is done.
    """

    person: int
    code: str

    @cached_property
    def payload(self) -> dict[str, Any]:
        """The payload, with marks where an event puts its own."""
        number = self.person
        return {
            "v": 1,
            "id": "@id@",
            "at": "@at@",
            "code": self.code,
            "outcome": "done",
            "severity": 10,
            "core": False,
            "actor": {
                "kind": "person",
                "uid": f"0198c1f0-0000-7000-8000-{number:012}",
                "username": f"user{number:04}",
                "name": f"张三{number}",
                "is_police": number % 3 > 0,
                "organisation": f"3202{number % 40:08}",
                "duty": "business",
            },
            "source": {
                "address": f"10.1.{number % 16}.{number % 250 + 1}",
                "terminal": f"T-{number:04}",
                "mac": "",
            },
            "request": "@request@",
            "resource": "@resource@",
            "subject": "",
            "reason": "",
            "data": {"count": number % 7, "plate": f"京A{number:05}"},
        }

    @cached_property
    def parts(self) -> tuple[bytes, ...]:
        """The canonical bytes between the marks: at, id, request, resource."""
        rest, parts = canonical(self.payload), []
        for mark in (b"@at@", b"@id@", b"@request@", b"@resource@"):
            part, _, rest = rest.partition(mark)
            parts.append(part)
        return (*parts, rest)

    @cached_property
    def key_id(self) -> str:
        """The name of the key of the check values."""
        return keys.active(keys.Purpose.AUDIT_MAC).id

    @cached_property
    def columns(self) -> dict[str, Any]:
        """The columns that are the same in each of them."""
        marked = {**self.payload, "id": str(UUID(int=0)), "at": "2026-01-01T00:00:00Z"}
        found = columns_of(marked) | {"mac_key_id": self.key_id}
        return {name: found[name] for name in sorted(found.keys() - {*VARYING})}

    @cached_property
    def binary(self) -> bytes:
        """Those columns as COPY wants them, after the number of all columns."""
        count = struct.pack(">h", len(self.columns) + len(VARYING))
        return count + b"".join(map(_binary, self.columns.values()))


@dataclass(frozen=True)
class Event:
    """One event; the fields are the columns in which it differs from others."""

    pattern: Pattern
    id: int
    event_id: bytes
    at: datetime
    resource: bytes
    request_id: bytes
    payload: bytes
    mac: bytes


def make(
    number: int,
    *,
    using: str = "default",
    begin: datetime = BEGIN,
    step: timedelta = STEP,
    indexed: bool = True,
    sealed: bool = False,
) -> range:
    """
    Add so many events behind those that are there.

    Args:
        number: how many.
        using: the alias of the database.
        begin: when the first one happened.
        step: the time between two of them.
        indexed: whether the indexes of the queries are there afterwards.
        sealed: whether to seal them on the way, which spares reading them again;
            what is there already is sealed first.

    Returns:
        Their ids.
    """
    if sealed:
        seal()
    checkpoints: list[AuditCheckpoint] = []
    with transaction.atomic(using=using):
        newest = AuditRecord.objects.using(using).order_by("-id").first()
        first = 1 if newest is None else newest.pk + 1
        made = events(number, first, begin, step)
        if sealed:
            made = _sealing(made, checkpoints)
        if connections[using].vendor == "postgresql":
            with _without_indexes(using, many=number >= MANY, indexed=indexed):
                _copy(made, using)
        else:
            _insert(made, using)
        AuditCheckpoint.objects.using(using).bulk_create(checkpoints, 100)
    return range(first, first + number)


def _sealing(
    made: Iterator[Event], checkpoints: list[AuditCheckpoint]
) -> Iterator[Event]:
    """Yield events, and make the checkpoints over them as the sealer would."""
    predecessor = predecessor_of(last_checkpoint())
    while some := list(islice(made, ROWS_OF_A_CHECKPOINT)):
        members = [
            (one.id, leaf_of(one.id, one.pattern.key_id, one.mac, one.payload))
            for one in some
        ]
        moment = some[-1].at.replace(tzinfo=None).isoformat(timespec="microseconds")
        row = signed(predecessor, members, (), f"{moment}Z")
        predecessor = Predecessor(row.parsed(), bytes(row.hash))
        checkpoints.append(row)
        yield from some


@contextmanager
def _without_indexes(using: str, *, many: bool, indexed: bool) -> Iterator[None]:
    """Take the indexes away for many rows: made at once they cost a tenth."""
    connection = connections[using]
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(
            cursor, AuditRecord._meta.db_table
        )
    known = [one for one in AuditRecord._meta.indexes if one.name in there]
    if not many:
        known = []
    with connection.schema_editor() as editor:
        for one in known:
            editor.remove_index(AuditRecord, one)
    yield
    if indexed:
        with connection.schema_editor() as editor:
            for one in known:
                editor.add_index(AuditRecord, one)
        if known:
            counted_columns.install(connection)


def seal() -> int:
    """Seal everything that is there, and return how many checkpoints it took."""
    from jtsec.audit.sealing import api as sealing

    count = 0
    while made := sealing.seal_now():
        count += len(made)
    return count


def events(
    number: int, first: int, begin: datetime = BEGIN, step: timedelta = STEP
) -> Iterator[Event]:
    """Yield so many events, the first of them with this id."""
    patterns = [
        Pattern(person, ACTIONS[(person * 7 + turn) % len(ACTIONS)])
        for turn in range(4)
        for person in range(PEOPLE)
    ]
    mac = keys.keyed_mac(keys.active(keys.Purpose.AUDIT_MAC).id).mac
    at = begin
    for id_ in range(first, first + number):
        pattern = patterns[id_ * 7919 % len(patterns)]
        event_id = _uuid(at, id_)
        resource = b"permits.permit:%d" % (id_ * 31 % 99_991)
        request = b"%016x" % (id_ * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)
        to_at, to_id, to_request, to_resource, end = pattern.parts
        payload = b"".join(
            (
                *(
                    to_at,
                    at.replace(tzinfo=None).isoformat(timespec="microseconds").encode(),
                ),
                *(b"Z", to_id, str(UUID(bytes=event_id)).encode()),
                *(to_request, request, to_resource, resource, end),
            )
        )
        yield Event(
            pattern, id_, event_id, at, resource, request, payload, mac(payload)
        )
        at += step


def _uuid(at: datetime, number: int) -> bytes:
    """Return a UUID of version 7, the same in every run."""
    chance = number * 0x9E3779B97F4A7C15 & 0x3FFFFFFFFFFFFFFF
    head = int(at.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62
    return (head | chance).to_bytes(16, "big")


def _copy(made: Iterator[Event], using: str) -> None:
    connection = connections[using]
    table = AuditRecord._meta.db_table
    with connection.cursor() as cursor:
        while rows := list(islice(made, ROWS_OF_A_WRITE)):
            columns = (*rows[0].pattern.columns, *VARYING)
            names = ", ".join(f'"{name}"' for name in columns)
            statement = f'COPY "{table}" ({names}) FROM STDIN (FORMAT BINARY)'
            with cursor.copy(statement) as copy:
                copy.write(COPY_HEAD + b"".join(map(_row, rows)) + COPY_END)
        # The numbers were given by us; the sequence has to know.
        for one in connection.ops.sequence_reset_sql(no_style(), [AuditRecord]):
            cursor.execute(one)


def _row(event: Event) -> bytes:
    since = event.at - POSTGRES_EPOCH
    micros = (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds
    return b"".join(
        (
            event.pattern.binary,
            struct.pack(">iqi16siq", 8, event.id, 16, event.event_id, 8, micros),
            *(_length(event.resource), event.resource),
            *(_length(event.request_id), event.request_id),
            *(_length(event.payload), event.payload),
            *(b"\0\0\0\x20", event.mac),
        )
    )


def _length(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big")


def _binary(value: Any) -> bytes:
    """Return one value of a COPY: NULL, flag, small number or text."""
    if value is None:
        return b"\xff\xff\xff\xff"
    if isinstance(value, bool):
        return b"\0\0\0\x01" + bytes([value])
    if isinstance(value, int):
        return b"\0\0\0\x02" + value.to_bytes(2, "big")
    data = str(value).encode()
    return _length(data) + data


def _insert(made: Iterator[Event], using: str) -> None:
    connection = connections[using]
    quote = connection.ops.quote_name
    while rows := list(islice(made, ROWS_OF_A_WRITE)):
        names = (*rows[0].pattern.columns, *VARYING)
        marks = ", ".join(["%s"] * len(names))
        statement = (
            f"INSERT INTO {quote(AuditRecord._meta.db_table)} "
            f"({', '.join(map(quote, names))}) VALUES ({marks})"
        )
        with connection.cursor() as cursor:
            cursor.executemany(statement, list(map(_values, rows)))


def _values(event: Event) -> tuple[Any, ...]:
    return (
        *event.pattern.columns.values(),
        event.id,
        event.event_id.hex(),
        event.at.replace(tzinfo=None).isoformat(" "),
        event.resource.decode(),
        event.request_id.decode(),
        event.payload,
        event.mac,
    )
