"""What somebody does who owns the database and has taken the triggers away."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from jtsec.audit import immutability
from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import canonical, parse
from jtsec.audit.sealing.api import hash_of, leaf_of, members_of
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.crypto import merkle
from jtsec.crypto.sm2 import PrivateKey
from jtsec.keys import api as keys

RECORDS = "jtsec_auditrecord"
CHECKPOINTS = "jtsec_auditcheckpoint"


def sql(statement: str, *parameters: Any) -> list[Any]:
    """Run one statement, and return its rows."""
    with immutability.lifted(connection), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall()) if cursor.description else []


def change(record_id: int, column: str, value: Any) -> None:
    """Change one column of a record."""
    sql(f"UPDATE {RECORDS} SET {column} = %s WHERE id = %s", value, record_id)


def delete(*record_ids: int) -> None:
    """Delete records."""
    for one in record_ids:
        sql(f"DELETE FROM {RECORDS} WHERE id = %s", one)


def insert(row: AuditRecord, record_id: int) -> None:
    """Insert a record under an id."""
    names = [field.attname for field in AuditRecord._meta.concrete_fields]
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in AuditRecord._meta.concrete_fields
    ]
    values[names.index("id")] = record_id
    marks = ", ".join(["%s"] * len(names))
    columns = ", ".join(map(connection.ops.quote_name, names))
    sql(f"INSERT INTO {RECORDS} ({columns}) VALUES ({marks})", *values)


def forged(row: AuditRecord, **changes: Any) -> AuditRecord:
    """Return a record with another content, and its right check value: a key thief."""
    value = parse(bytes(row.payload)) | changes
    row.payload = canonical(value)
    row.mac_key_id, row.mac = keys.mac(keys.Purpose.AUDIT_MAC, row.payload)
    for name in ("resource", "reason", "subject"):
        setattr(row, name, value[name])
    return row


def rewrite(record_id: int, **changes: Any) -> None:
    """Rewrite a sealed record, with a right check value and right columns."""
    row = forged(AuditRecord.objects.get(pk=record_id), **changes)
    for name in ("payload", "mac", "mac_key_id", "resource", "reason", "subject"):
        change(record_id, name, getattr(row, name))


def swap(one: int, two: int) -> None:
    """Let two records change places, with everything they hold."""
    for old, new in ((one, -1), (two, one), (-1, two)):
        sql(f"UPDATE {RECORDS} SET id = %s WHERE id = %s", new, old)


def delete_checkpoints(*numbers: int) -> None:
    """Delete checkpoints."""
    for one in numbers:
        sql(f"DELETE FROM {CHECKPOINTS} WHERE number = %s", one)


def reseal(key: PrivateKey, *, first: int = 1) -> None:
    """
    Make every checkpoint anew over the rows that are there, signed with a key.

    Args:
        key: whatever key there is; the thief's own, or the one in force.
        first: the checkpoint to begin with.
    """
    before = AuditCheckpoint.objects.filter(number=first - 1).first()
    previous = bytes(before.hash) if before else bytes(32)
    for stored in AuditCheckpoint.objects.filter(number__gte=first).order_by("number"):
        value = json.loads(bytes(stored.body))
        leaves = [
            leaf_of(row.pk, row.mac_key_id, bytes(row.mac), bytes(row.payload))
            for row in members_of(stored)
        ]
        value["root"] = merkle.root(leaves).hex()
        value["previous"] = previous.hex()
        value["public"] = key.public.fingerprint()
        body = canonical(value)
        signature = key.sign(body)
        previous = hash_of(body, signature)
        sql(
            f"UPDATE {CHECKPOINTS} SET root = %s, body = %s, signature = %s, "
            "hash = %s WHERE number = %s",
            *(merkle.root(leaves), body, signature, previous, stored.number),
        )
