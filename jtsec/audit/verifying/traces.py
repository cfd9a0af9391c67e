"""What the database itself still knows of records and checkpoints that are gone."""

from __future__ import annotations

from django.db import DatabaseError, connections, transaction

from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.models import AuditAnchor, AuditCheckpoint, AuditSealer


def of_more(using: str, newest: AuditCheckpoint | None) -> bool:
    """
    Answer whether anything points beyond the newest checkpoint and record.

    The traces prove nothing, for who cuts the log can wipe them off; they tell a cut
    from an old copy, which has none.
    """
    if highest_told(using) > (newest.number if newest else 0):
        return True
    last = AuditRecord.objects.using(using).order_by("-id").first()
    return _numbers_given(using) > max(
        last.pk if last else 0, newest.last_id if newest else 0
    )


def highest_told(using: str) -> int:
    """Return the highest number of a checkpoint that other tables tell of."""
    sealers = AuditSealer.objects.using(using).values_list("state", flat=True)
    said = [state.get("number") for state in sealers if isinstance(state, dict)]
    told = [number for number in said if isinstance(number, int)]
    anchored = AuditAnchor.objects.using(using).values_list("number", flat=True)
    return max((*told, *anchored), default=0)


def _numbers_given(using: str) -> int:
    """Return the highest id that the database has given out, 0 where it is silent."""
    connection = connections[using]
    table = AuditRecord._meta.db_table
    if connection.vendor == "postgresql":
        statement = (
            "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)"
        )
    elif connection.vendor == "sqlite":
        statement = "SELECT seq FROM sqlite_sequence WHERE name = %s"
    else:
        return 0
    try:
        with transaction.atomic(using=using), connection.cursor() as cursor:
            cursor.execute(statement, [table])
            row = cursor.fetchone()
    except DatabaseError:
        return 0
    return int(row[0]) if row and row[0] is not None else 0
