"""Tries out, on a row never committed, what the database does with the audit."""

from __future__ import annotations

from uuid import uuid4

from django.db import DatabaseError, connections, transaction

from jtsec.core.clock import now

from .models import AuditRecord
from .payload import TEXT_COLUMNS
from .table import Row, insert
from .triggers import TABLE

ATTEMPTS = (
    f"UPDATE {TABLE} SET code = 'altered' WHERE event_id = %s",  # noqa: S608 - constants
    f"DELETE FROM {TABLE} WHERE event_id = %s",  # noqa: S608 - constants
)


class _NeverCommitted(Exception):
    """Ends the transaction of the attempt."""


def accepted_changes(using: str) -> list[str]:
    """
    Return which statements the database let pass that it must refuse.

    Args:
        using: the alias of the database.

    Raises:
        django.db.Error: a row cannot even be added.
    """
    accepted: list[str] = []
    try:
        with transaction.atomic(using=using):
            row = _row()
            insert([row], using)
            accepted = [one for one in ATTEMPTS if _passes(one, row, using)]
            raise _NeverCommitted
    except _NeverCommitted:
        return [statement.split()[0] for statement in accepted]


def _passes(statement: str, row: Row, using: str) -> bool:
    connection = connections[using]
    field = AuditRecord._meta.get_field("event_id")
    number = field.get_db_prep_value(row["event_id"], connection)
    try:
        with transaction.atomic(using=using), connection.cursor() as cursor:
            cursor.execute(statement, [number])
            return True
    except DatabaseError:
        return False


def _row() -> Row:
    # No event: it never leaves this transaction, and no key is needed for it.
    return {
        **dict.fromkeys(TEXT_COLUMNS, "probe"),
        "event_id": uuid4(),
        "at": now(),
        "severity": 0,
        "actor_is_police": None,
        "payload": b"probe",
        "mac": bytes(32),
        "mac_key_id": "probe",
    }
