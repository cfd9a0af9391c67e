"""
What of an encrypted column is under which key, asked of the database.

Every value, and every index, begins with a head that names its key. A comparison of
these few bytes counts what is left, and finds it, in any table and in any state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from django.db import connections

from jtsec.crypto import envelope
from jtsec.keys import api as keys

from . import blind_index
from .batches import Column
from .encrypted import EncryptedField
from .index_field import BlindIndexField

BATCH: Final = 1000


class Found(NamedTuple):
    """A row as it was read: its key, the value's bytes, the index's."""

    key: Any
    data: bytes
    mark: bytes | None


class StoredColumn:
    """
    The stored values of one encrypted column of one database.

    Args:
        field: the column.
        using: the alias of the database.
        companion: whose indexes are looked at with the values; None where none are.
        alone: whether the values are looked at with another companion already.
    """

    def __init__(
        self,
        field: EncryptedField,
        using: str,
        companion: BlindIndexField | None = None,
        *,
        alone: bool = False,
    ) -> None:
        quote = connections[using].ops.quote_name
        meta = field.model._meta
        self.column = Column(
            table=quote(meta.db_table),
            key=quote(str(meta.pk.column)),
            key_type=str(meta.pk.db_type(connections[using])),
            data=quote(str(field.column)),
            companion=quote(str(companion.column)) if companion else "",
        )
        self._alone = alone
        self._using = using
        # Else MySQL looks for characters in the bytes.
        is_mysql = connections[using].vendor == "mysql"
        self._bytes = "_binary %s" if is_mysql else "%s"

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

    def left(self) -> int:
        """Return how many rows are not under the active keys."""
        clause, params = self._left()
        (found,) = self._ask("COUNT(*)", params, f" WHERE {clause}")
        return int(found)

    def batches(self) -> Iterator[list[Found]]:
        """Yield what is left, in the order of the keys, so that all is passed once."""
        column = self.column
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
        return f"{self.column.data} IS NOT NULL AND ({' OR '.join(clauses)})", params

    def _parts(self) -> Iterator[tuple[keys.Purpose, str]]:
        if not self._alone:
            yield keys.Purpose.FIELD, self.column.data
        if self.column.companion:
            yield keys.Purpose.INDEX, self.column.companion

    def _sum_of(self, column: str) -> str:
        is_under = f"SUBSTR({column}, 1, %s) = {self._bytes}"
        return f"SUM(CASE WHEN {is_under} THEN 1 ELSE 0 END)"

    def _ask(self, what: str, params: list[Any], where: str = "") -> Any:
        with connections[self._using].cursor() as cursor:
            cursor.execute(
                f"SELECT {what} FROM {self.column.table}{where}",  # noqa: S608 - quoted names
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
    return Found(key, _bytes(data), None if index is None else _bytes(index))


def _bytes(stored: Any) -> bytes:
    # SQLite gives back as text what was put there as text; it is no envelope.
    return stored.encode() if isinstance(stored, str) else bytes(stored)
