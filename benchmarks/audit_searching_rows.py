"""
A year of events for questions: busy values, rare ones, and one that was busy once.

The check values are random, for nothing here verifies them. Half a year ago one machine
was very busy, and never since: a database's statistics know that its address is
frequent, and not when. PostgreSQL takes the rows by COPY, SQLite by `executemany`.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.db import connection, transaction

from jtsec.audit import counted_columns
from jtsec.audit.models import AuditRecord

PEOPLE: Final = 3000
ACTS: Final = 60
RARE: Final = 12
"""How many events have the rare values, spread over the year."""

BEGIN: Final = datetime(2025, 9, 1, tzinfo=UTC)
YEAR: Final = timedelta(days=365)
END: Final = BEGIN + YEAR
PORTION: Final = 10_000
NAMES: Final = (
    *("id", "event_id", "at", "code", "outcome", "severity", "actor_kind", "actor_uid"),
    *("actor_username", "actor_name", "actor_is_police", "actor_organisation"),
    *("actor_duty", "source_address", "source_terminal", "source_mac", "request_id"),
    *("resource", "subject", "reason", "payload", "mac", "mac_key_id"),
)
PEOPLED: Final[tuple[tuple[Any, ...], ...]] = tuple(
    (
        f"0198c1f0-0000-7000-8000-{number:012}",
        f"user{number}",
        f"姓名{number}",
        number % 3 > 0,
        f"32{number % 13:02}{number % 17:02}000000",
        "audit" if number % 1000 == 999 else "business",
        f"10.1.{number % 40}.{number % 250}",
        f"T-{number}" if number % 5 == 0 else "",
        "",
    )
    for number in range(PEOPLE)
)
STRANGER: Final = (
    *("0198c1f0-0000-7000-8000-999999999999", "rare", "稀有", None, "990000000000"),
    *("", "10.98.0.1", "T-RARE", "00-00-5E-00-53-01"),
)
BUSY_ONCE: Final = "10.99.0.1"
KEY: Final = "audit-mac-1"


def fill(number: int) -> None:
    """Write so many events into an empty table."""
    write = _copy if connection.vendor == "postgresql" else _insert
    made = rows(number)
    indexes = AuditRecord._meta.indexes
    # An index that is made at the end is the same, and made in a fraction of the time.
    with connection.schema_editor() as editor:
        for index in indexes:
            editor.remove_index(AuditRecord, index)
    while portion := list(islice(made, PORTION)):
        write(portion)
    for index in indexes:
        with connection.schema_editor() as editor:
            editor.add_index(AuditRecord, index)
    counted_columns.install(connection)


def rows(number: int) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of so many events, the oldest first."""
    chance = random.Random(20260101)
    pick = chance.random
    step = YEAR / number
    every = max(number // RARE, 1)
    once = range(number * 50 // 100, number * 53 // 100)
    for one in range(1, number + 1):
        at = BEGIN + one * step
        act = int(pick() ** 2 * ACTS)
        which = int(pick() ** 2 * PEOPLE)
        luck = pick()
        outcome = "refused" if luck < 0.03 else "failed" if luck > 0.9999 else "done"
        severity = (
            30 if luck < 0.01 else 40 if luck > 0.9999 else 20 if luck < 0.1 else 10
        )
        code, kind = f"module{act % 8}:subject:act{act}", "person"
        resource = "" if act < 6 else f"permits.permit:{int(pick() * 200_000)}"
        subject = f"user{which}" if pick() < 0.05 else ""
        reason = "wrong" if outcome == "refused" else ""
        person = PEOPLED[which]
        if one % every == every // 2:
            code, kind, person = "rare:thing:done", "system", STRANGER
            resource, subject, reason = "rare.thing:1", "rare", "rare"
        address = BUSY_ONCE if one in once and one % 3 == 0 else person[6]
        request = f"{chance.getrandbits(64):016x}"
        event_id = f"{int(at.timestamp() * 1000):012x}7{chance.getrandbits(76):019x}"
        yield (
            *(one, event_id, at, code, outcome, severity, kind, *person[:6], address),
            *(person[7], person[8], request, resource, subject, reason),
            *(request.encode() * 40, os.urandom(32), KEY),
        )


def _copy(portion: list[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{name}"' for name in NAMES)
    lines = "".join(map(_line, portion))
    with connection.cursor() as cursor:
        statement = f'COPY "{AuditRecord._meta.db_table}" ({names}) FROM STDIN'
        with cursor.copy(statement) as copy:
            copy.write(lines)


def _line(row: tuple[Any, ...]) -> str:
    return "\t".join(map(_field, row)) + "\n"


def _field(value: Any) -> str:
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    return "\\N" if value is None else str(value)


def _insert(portion: list[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{name}"' for name in NAMES)
    marks = ", ".join(["%s"] * len(NAMES))
    table = AuditRecord._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{table}" ({names}) VALUES ({marks})',
            [
                (*row[:2], row[2].replace(tzinfo=None).isoformat(" "), *row[3:])
                for row in portion
            ],
        )
