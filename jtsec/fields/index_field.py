"""The companion column that holds a searchable field's blind index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from .blind_index import LARGEST, BlindIndex, index_of, others_of
from .columns import place_of_bytes
from .writing import IndexFromUpdate

if TYPE_CHECKING:
    from .columns import EncryptedColumn

    _BinaryField = models.BinaryField[Any, Any]
else:
    _BinaryField = models.BinaryField  # takes no parameters at run time


class BlindIndexField(_BinaryField):
    """
    Holds the blind index of another column; made by it, never written by hand.

    Null where the value is null, and in rows that were there before the column became
    searchable, until `fill_index` was run.

    Args:
        of: the name of the encrypted field.
        unique: whether it is refused that two rows hold the same value.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs.update(null=True, editable=False, serialize=False)
        kwargs["db_index"] = not kwargs.get("unique", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Return what a migration writes down."""
        name, path, args, kwargs = super().deconstruct()
        for implied in ("null", "editable", "serialize", "db_index"):
            kwargs.pop(implied, None)
        path = path.replace("jtsec.fields.index_field.", "jtsec.fields.", 1)
        return name, path, args, {**kwargs, "of": self.of}

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        """Join the model, unless the encrypted field has brought one along already."""
        # An abstract parent hands down both, and each would bring this one.
        if any(
            isinstance(field, BlindIndexField) and field.name == name
            for field in cls._meta.local_fields
        ):
            return
        super().contribute_to_class(cls, name, private_only)

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """Return a type that can be indexed."""
        if connection.vendor == "mysql":
            return f"varbinary({LARGEST})"
        return super().db_type(connection)

    @property
    def encrypted(self) -> EncryptedColumn:
        """Return the field this is the index of."""
        field: Any = self.model._meta.get_field(self.of)
        return field  # type: ignore[no-any-return]  # `of` names one, see the checks

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """
        Return the index of the value as it is written now.

        Not what the instance holds in memory: the value may have changed since. An
        UPDATE takes it from the value's own assignment, and leaves the column alone
        where the value is not written.
        """
        if not add:
            return IndexFromUpdate(self)
        return self.index_on(model_instance)

    def index_on(self, model_instance: models.Model) -> BlindIndex | None:
        """Return the index of an instance's value."""
        value = self.encrypted.get_prep_value(
            getattr(model_instance, self.encrypted.attname)
        )
        return self.index_of(value)

    def index_of(self, value: Any) -> BlindIndex | None:
        """Return the index of a prepared value under the active key."""
        if value is None:
            return None
        encrypted = self.encrypted
        # Of what will be read again: a decimal is rounded to the column's places.
        data = encrypted.index_data(encrypted.as_stored(value))
        made = index_of(encrypted.label, data)
        if self.unique:
            made.others = others_of(encrypted.label, data)
        return made

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return the value for the driver; refuse what was not computed here."""
        if value is None or isinstance(value, IndexFromUpdate):
            return value
        if not isinstance(value, BlindIndex):
            raise FieldError(
                f"{self.name} follows from {self.of} and cannot be written; "
                f"write {self.of}."
            )
        if value.others:
            self._take_up(value, connection)
        return super().get_db_prep_save(value, connection)

    def _take_up(self, value: BlindIndex, connection: BaseDatabaseWrapper) -> None:
        """
        Let the row that holds this value hold it under the key of this index.

        While keys are rotated, one value has two indexes, and the database would take
        them for two values. Now it sees that they are one, whoever is first.
        """
        table, column = map(
            connection.ops.quote_name, (self.model._meta.db_table, str(self.column))
        )
        mark = place_of_bytes(connection.vendor)
        marks = ", ".join([mark] * len(value.others))
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {column} = {mark} WHERE {column} IN ({marks})",  # noqa: S608 - quoted names
                [bytes(value), *value.others],
            )
