"""
An anchor that is a table in a second database, which others administer.

`manage.py migrate --database=ALIAS` makes the table there, and the triggers that keep
its rows as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils.connection import ConnectionDoesNotExist

from .anchor import AnchoredCheckpoint, Tail, line_of, parse_line
from .exceptions import CannotRead
from .models import AuditAnchorLine, AuditCheckpoint

CHUNK = 500


class DatabaseAnchor:
    """
    Adds checkpoints to a table of a second database.

    Args:
        name: the anchor as the settings name it.
        place: the alias of the database.
    """

    def __init__(self, name: str, place: str) -> None:
        self.name = name
        self.alias = place

    def write(self, checkpoints: Sequence[AuditCheckpoint]) -> None:
        """Add checkpoints, all or none."""
        rows = [
            AuditAnchorLine(number=one.number, line=line_of(one)) for one in checkpoints
        ]
        with transaction.atomic(using=self.alias):
            AuditAnchorLine.objects.using(self.alias).bulk_create(rows)

    def read(self) -> Iterator[AnchoredCheckpoint]:
        """Yield what the table holds."""
        last = 0
        while True:
            with self._readable():
                rows = list(self._rows().filter(pk__gt=last).order_by("pk")[:CHUNK])
            for row in rows:
                found = parse_line(row.line)
                if found is not None:
                    yield found
            if len(rows) < CHUNK:
                return
            last = rows[-1].pk

    def tail(self) -> Tail | None:
        """Return the last line of the table."""
        with self._readable():
            row = self._rows().order_by("-pk").first()
        found = parse_line(row.line) if row else None
        return Tail(found, row.pk) if found and row else None

    def _rows(self) -> QuerySet[AuditAnchorLine]:
        return AuditAnchorLine.objects.using(self.alias)

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (DatabaseError, ConnectionDoesNotExist) as error:
            raise CannotRead(f"{self.name}: {error}") from error
