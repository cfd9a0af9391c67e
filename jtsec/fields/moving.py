"""
Moves values from one column into another, with one statement for all rows.

The ORM makes each row's UPDATE anew, which takes many times as long as to encrypt the
value. Here it is made once; what goes into it are the fields' own values, so the
indexes of an encrypted column are written with it, and emptied with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections, models

from jtsec.core.exceptions import ConfigurationError

from .columns import place_of_bytes
from .encrypted import EncryptedField


class Move:
    """
    One way between two columns of a table.

    Args:
        model: the model, historical or not.
        source: the field that is emptied.
        target: the field that is written.
        using: the alias of the database.

    Raises:
        ConfigurationError: the two stand in different tables.
    """

    def __init__(
        self, model: type[models.Model], source: str, target: str, using: str
    ) -> None:
        self._connection: Any = connections[using]
        self._source: Any = model._meta.get_field(source)
        self._target: Any = model._meta.get_field(target)
        if self._source.model is not self._target.model:
            raise ConfigurationError(f"{source} and {target} are not of one table")
        # Where both are inherited, this is the parent's.
        options = self._target.model._meta
        self._table, self._key = options.db_table, options.pk
        self._indexes = _indexes_of(options, target)
        written = [self._target, *self._indexes]
        emptied = [self._source, *_indexes_of(options, source)]
        self._moving = self._statement(
            [(one, self._place(one)) for one in written], emptied
        )
        # A document that is null: MySQL takes none where it expects bytes.
        self._emptying = self._statement([], [*written, *emptied])

    def rows(self, rows: Sequence[models.Model]) -> None:
        """Move the values of these rows, which the caller has locked."""
        with self._connection.cursor() as cursor:
            full = [one for one in rows if self._value(one) is not None]
            empty = [[self._pk(one)] for one in rows if self._value(one) is None]
            if full:
                cursor.executemany(self._moving, [self._values(one) for one in full])
            if empty:
                cursor.executemany(self._emptying, empty)

    def _values(self, row: models.Model) -> list[Any]:
        value = self._value(row)
        prepared = self._target.get_prep_value(value) if self._indexes else None
        indexes = [
            one.get_db_prep_save(one.index_of(prepared), self._connection)
            for one in self._indexes
        ]
        sealed = self._target.get_db_prep_save(value, self._connection)
        return [sealed, *indexes, self._pk(row)]

    def _value(self, row: models.Model) -> Any:
        return getattr(row, self._source.attname)

    def _pk(self, row: models.Model) -> Any:
        key = getattr(row, self._key.attname)
        return self._key.get_db_prep_save(key, self._connection)

    def _place(self, field: Any) -> str:
        if isinstance(field, EncryptedField | models.BinaryField):
            return place_of_bytes(self._connection.vendor)
        return "%s"

    def _statement(self, written: list[tuple[Any, str]], emptied: list[Any]) -> str:
        quoted = self._connection.ops.quote_name
        changes = [f"{quoted(one.column)} = {place}" for one, place in written]
        changes += [f"{quoted(one.column)} = NULL" for one in emptied]
        key = quoted(self._key.column)
        table, what = quoted(self._table), ", ".join(changes)
        return f"UPDATE {table} SET {what} WHERE {key} = %s"  # noqa: S608 - of names, quoted


def _indexes_of(options: Any, name: str) -> list[Any]:
    """Return the fields that hold an index of a field."""
    return [
        one
        for one in options.local_concrete_fields
        if getattr(one, "of", None) == name and hasattr(one, "index_of")
    ]
