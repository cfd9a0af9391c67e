"""A log with a past, as the tests of the archive need it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from django.db import connection
from django.utils import timezone

from jtsec.audit.api import record
from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import seal_now
from jtsec.core.context import Actor, acting_as
from tests.audit.declared import PermitGranted

AUDITOR = Actor(kind="person", uid="1", username="auditor", name="审计", duty="audit")
REASON = "retention is over"


@contextmanager
def days_ago(days: float) -> Iterator[datetime]:
    """Set this process's clock back; the database's goes on as it is."""
    then = timezone.now() - timedelta(days=days)
    with patch("django.utils.timezone.now", lambda: then):
        yield then


def past(days: float, count: int = 5, seals: int = 1) -> None:
    """Record and seal events so many days ago, in so many checkpoints."""
    with days_ago(days), acting_as(AUDITOR):
        for seal in range(seals):
            for number in range(count):
                record(
                    PermitGranted(resource=f"old:{days}:{seal}:{number}", owner="张三")
                )
            seal_now()


def present() -> None:
    """Record and seal an event of now, so that the log itself knows the day."""
    past(0, count=1)


def table() -> list[tuple[object, ...]]:
    """Return every row with every column, as the database gives it."""
    names = ", ".join(
        connection.ops.quote_name(field.get_attname())
        for field in AuditRecord._meta.concrete_fields
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM jtsec_auditrecord ORDER BY id")
        return [
            tuple(bytes(one) if isinstance(one, memoryview) else one for one in row)
            for row in cursor.fetchall()
        ]


def flip(path: Path, place: int) -> None:
    """Change one byte of a file."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
