"""
Encrypted columns under new keys, while traffic goes on (A6.3, D9).

A value's head names its key, so what is left to do is asked of the database and not
remembered: a run that was killed is gone on with by the next one. The bytes are
decrypted and encrypted as they are; only for the companion is the value read.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db import IntegrityError, OperationalError, connections

from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.crypto import envelope
from jtsec.keys import api as keys

from . import blind_index, sealing
from .batches import Column, Rewrite, write
from .encrypted import EncryptedField

BATCH: Final = 500
PAUSE: Final = 0.2
"""Seconds before rows that others held are tried again."""
PATIENCE: Final = 60.0
"""Seconds of trying without one row renewed, after which the rest is left."""

Found = tuple[Any, bytes, bytes | None]


class ColumnUse(keys.Use):
    """
    The values of one encrypted column of one database, with their blind indexes.

    Args:
        field: the column.
        using: the alias of the database.
    """

    def __init__(self, field: EncryptedField, using: str) -> None:
        quote = connections[using].ops.quote_name
        meta = field.model._meta
        self.name = f"{meta.label_lower}.{field.name}"
        if using != "default":
            self.name += f"@{using}"
        self.purposes = frozenset(
            {keys.Purpose.FIELD}
            | ({keys.Purpose.INDEX} if _has_index(field) else set())
        )
        self._field, self._using = field, using
        # Else MySQL looks for characters in the bytes.
        is_mysql = connections[using].vendor == "mysql"
        self._bytes = "_binary %s" if is_mysql else "%s"
        self._column = Column(
            table=quote(meta.db_table),
            key=quote(str(meta.pk.column)),
            data=quote(str(field.column)),
            companion=quote(str(field.index_field.column)) if _has_index(field) else "",
        )

    def count(self) -> Mapping[str, int]:
        """Return how many values and indexes are under each key of the ring."""
        counted: dict[str, int] = {}
        for purpose, column in self._parts():
            known = keys.every(purpose)
            heads = [_head(key) for key in known]
            total, *found = self._ask(
                ", ".join([f"COUNT({column})", *[self._sum_of(column)] * len(heads)]),
                [part for head in heads for part in (len(head), head)],
            )
            numbers = [int(one or 0) for one in found]
            counted |= dict(zip((key.id for key in known), numbers, strict=True))
            counted[keys.STRANGE] = counted.get(keys.STRANGE, 0) + total - sum(numbers)
        return counted

    def waiting(self) -> int:
        """Return how many rows are not under the active keys."""
        clause, params = self._left()
        (found,) = self._ask("COUNT(*)", params, f" WHERE {clause}")
        return int(found)

    def renew(self) -> Iterator[keys.Step]:
        """Go through the rows that are left until none is, or none can be renewed."""
        failed: dict[Any, str] = {}
        tried_since = time.monotonic()
        while True:
            left = renewed = 0
            for batch in self._batches():
                fresh = [row for row in batch if row[0] not in failed]
                step = self._renew(fresh, failed)
                left += len(fresh) - len(step.failed) - step.renewed
                renewed += step.renewed
                yield step
            if renewed:
                tried_since = time.monotonic()
            elif not left or time.monotonic() - tried_since > PATIENCE:
                return
            else:
                time.sleep(PAUSE)

    def _renew(self, batch: list[Found], failed: dict[Any, str]) -> keys.Step:
        """Renew one batch; what cannot be is noted by its key."""
        before = set(failed)
        rows = []
        for found in batch:
            try:
                rows.append(self._rewritten(found))
            except (VerifiedFalse, CannotVerify) as error:
                failed[found[0]] = f"{self.name} {found[0]}: {error}"
        renewed = self._write(rows, failed)
        return keys.Step(
            renewed, tuple(failed[one] for one in failed if one not in before)
        )

    def _write(self, rows: list[Rewrite], failed: dict[Any, str]) -> int:
        if not rows:
            return 0
        try:
            return write(self._column, rows, self._using)
        except OperationalError:
            # Busy: tried again in the next turn. A server that is gone says so there.
            connections[self._using].ensure_connection()
            return 0
        except IntegrityError as error:
            if len(rows) == 1:
                failed[rows[0].key] = f"{self.name} {rows[0].key}: {error}"
                return 0
            # Two rows got the same value; one by one the culprit is found.
            return sum(self._write([row], failed) for row in rows)

    def _rewritten(self, found: Found) -> Rewrite:
        """
        Return a row under the active keys.

        Raises:
            FieldAltered, FieldUnreadable, FieldMistaken: it cannot be read.
        """
        key, before, index = found
        label = self._field.label
        data = sealing.open_bytes(label, before)
        if index is not None:
            value = self._field.index_data(
                sealing.as_value(label, data, self._field.from_data)
            )
            index = bytes(blind_index.index_of(label, value))
        if sealing.is_current(before):
            return Rewrite(key, before, before, index)
        return Rewrite(key, before, sealing.seal(label, data), index)

    def _batches(self) -> Iterator[list[Found]]:
        """Yield what is left, in the order of the keys, so that all is passed once."""
        column = self._column
        wanted = ", ".join([column.key, column.data, column.companion or "NULL"])
        last: Any = None
        while True:
            clause, params = self._left()
            if last is not None:
                clause, params = f"{column.key} > %s AND ({clause})", [last, *params]
            with connections[self._using].cursor() as cursor:
                cursor.execute(
                    f"SELECT {wanted} FROM {column.table} WHERE {clause} "  # noqa: S608 - quoted names
                    f"ORDER BY {column.key} LIMIT {BATCH}",
                    params,
                )
                rows = [_found(row) for row in cursor.fetchall()]
            if rows:
                yield rows
            if len(rows) < BATCH:
                return
            last = rows[-1][0]

    def _left(self) -> tuple[str, list[Any]]:
        """Return the condition for rows not under the active keys, and its values."""
        clauses, params = [], []
        for purpose, column in self._parts():
            head = _head(keys.active(purpose))
            clauses.append(
                f"({column} IS NOT NULL AND SUBSTR({column}, 1, %s) <> {self._bytes})"
            )
            params += [len(head), head]
        return f"{self._column.data} IS NOT NULL AND ({' OR '.join(clauses)})", params

    def _parts(self) -> Iterator[tuple[keys.Purpose, str]]:
        yield keys.Purpose.FIELD, self._column.data
        if self._column.companion:
            yield keys.Purpose.INDEX, self._column.companion

    def _sum_of(self, column: str) -> str:
        is_under = f"SUBSTR({column}, 1, %s) = {self._bytes}"
        return f"SUM(CASE WHEN {is_under} THEN 1 ELSE 0 END)"

    def _ask(self, what: str, params: list[Any], where: str = "") -> Any:
        with connections[self._using].cursor() as cursor:
            cursor.execute(
                f"SELECT {what} FROM {self._column.table}{where}",  # noqa: S608 - quoted names
                params,
            )
            return cursor.fetchone()


def _head(key: keys.Key) -> bytes:
    """Return the bytes with which everything under a key begins."""
    if key.purpose is keys.Purpose.INDEX:
        return blind_index.head(key.id)
    return envelope.head(key.id)


def _found(row: tuple[Any, ...]) -> Found:
    key, data, index = row
    return key, _bytes(data), None if index is None else _bytes(index)


def _bytes(stored: Any) -> bytes:
    # SQLite gives back as text what was put there as text; it is no envelope.
    return stored.encode() if isinstance(stored, str) else bytes(stored)


def _has_index(field: EncryptedField) -> bool:
    return field.searchable and field.has_equality
