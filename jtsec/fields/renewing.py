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

from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, connections

from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.keys import api as keys

from . import blind_index, sealing
from .batches import Rewrite, write
from .encrypted import EncryptedField
from .index_field import BlindIndexField
from .stored_column import Found, StoredColumn

PAUSE: Final = 0.2
"""Seconds before rows that others held are tried again."""
PATIENCE: Final = 60.0
"""Seconds of trying without one row renewed, after which the rest is left."""


class ColumnUse(keys.Use):
    """
    The values of one encrypted column of one database, with their blind indexes.

    Args:
        field: the column.
        using: the alias of the database.
        companion: the index that is renewed with the values; None where there is none.
        alone: whether it is one of several, and another one takes the values with it.
    """

    def __init__(
        self,
        field: EncryptedField,
        using: str,
        companion: BlindIndexField | None = None,
        *,
        alone: bool = False,
    ) -> None:
        name = companion.name if companion and alone else field.name
        self.name = f"{field.model._meta.label_lower}.{name}"
        if using != DEFAULT_DB_ALIAS:
            self.name += f"@{using}"
        self.purposes = frozenset(
            ({keys.Purpose.INDEX} if companion else set())
            | (set() if alone else {keys.Purpose.FIELD})
        )
        self.stored = StoredColumn(field, using, companion, alone=alone)
        self._field, self._using, self._companion = field, using, companion

    def count(self) -> Mapping[str, int]:
        """Return how many values and indexes are under each key of the ring."""
        return self.stored.count()

    def waiting(self) -> int:
        """Return how many rows are not under the active keys."""
        return self.stored.left()

    def renew(self) -> Iterator[keys.Step]:
        """Go through the rows that are left until none is, or none can be renewed."""
        failed: dict[Any, str] = {}
        tried_since = time.monotonic()
        while True:
            left = renewed = 0
            for batch in self.stored.batches():
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
            return write(self.stored.column, rows, self._using)
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
        companion = self._companion
        if index is not None and companion and not blind_index.is_current(index):
            value = sealing.as_value(label, data, self._field.from_data)
            index = companion.index_of(value)
            index = None if index is None else bytes(index)
        if sealing.is_current(before):
            return Rewrite(key, before, before, index)
        return Rewrite(key, before, sealing.seal(label, data), index)
