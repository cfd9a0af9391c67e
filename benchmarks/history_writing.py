"""Writes a generated year into the log: right check values, as fast as may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from random import Random
from typing import Any, Final
from uuid import UUID

from django.core.management.color import no_style
from django.db import connections, transaction

from benchmarks.history import Happening
from jtsec.audit.events import declared_events
from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import canonical, columns_of, moment
from jtsec.audit.table import FIELDS
from jtsec.keys import api as keys

ROWS: Final = 5_000
NAMES: Final = tuple(field.attname for field in FIELDS)


def write(happened: Iterable[Happening], using: str = "default") -> int:
    """
    Add events to the log, in one transaction; not sealed yet.

    Returns:
        How many.
    """
    rows = _rows(happened)
    number = 0
    with transaction.atomic(using=using):
        while batch := list(islice(rows, ROWS)):
            _write(batch, using)
            number += len(batch)
        with connections[using].cursor() as cursor:
            for one in connections[using].ops.sequence_reset_sql(
                no_style(), [AuditRecord]
            ):
                cursor.execute(one)
    return number


def _rows(happened: Iterable[Happening]) -> Iterator[dict[str, Any]]:
    key_id = keys.active(keys.Purpose.AUDIT_MAC).id
    mac = keys.keyed_mac(key_id).mac
    declared = declared_events()
    # Of a later call, other numbers.
    chance = Random(AuditRecord.objects.count())
    for one in happened:
        payload = _payload(one, declared[one.code].declaration, chance)
        written = canonical(payload)
        row = columns_of(payload)
        yield row | {"payload": written, "mac": mac(written), "mac_key_id": key_id}


def _payload(one: Happening, declaration: Any, chance: Random) -> dict[str, Any]:
    head = int(one.at.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62
    person = one.person
    return {
        "v": 1,
        "id": str(UUID(int=head | chance.getrandbits(62))),
        "at": moment(one.at),
        "code": declaration.code,
        "outcome": declaration.outcome.value,
        "severity": declaration.severity.value,
        "core": declaration.core,
        "actor": {
            "kind": "person" if person else "anonymous",
            "uid": person.uid if person else "",
            "username": person.username if person else "",
            "name": f"李四{person.number}" if person else "",
            "is_police": person.is_police if person else None,
            "organisation": person.organisation if person else "",
            "duty": person.duty if person else "",
        },
        "source": {"address": one.address, "terminal": "", "mac": ""},
        "request": f"{chance.getrandbits(64):016x}",
        "resource": one.resource,
        "subject": one.subject,
        "reason": one.reason,
        "data": {},
    }


def _write(batch: list[dict[str, Any]], using: str) -> None:
    connection = connections[using]
    quoted = ", ".join(map(connection.ops.quote_name, NAMES))
    table = connection.ops.quote_name(AuditRecord._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                for row in batch:
                    copy.write_row([row[name] for name in NAMES])
            return
        marks = ", ".join(["%s"] * len(NAMES))
        cursor.executemany(
            f"INSERT INTO {table} ({quoted}) VALUES ({marks})",
            [
                [
                    field.get_db_prep_save(row[field.attname], connection)
                    for field in FIELDS
                ]
                for row in batch
            ],
        )
