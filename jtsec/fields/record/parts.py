"""The parts of a record: attributes of the row, kept together in one column."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models
from django.db.models.query_utils import DeferredAttribute

from jtsec.fields.exceptions import FieldAltered, FieldMistaken


class StoredRecord:
    """
    A record as it was decrypted, and not yet seen to be that of its row.

    It shows nothing by itself: `values("details")` knows no row to compare it with.
    """

    __slots__ = ("parts", "row")

    def __init__(self, row: str, parts: dict[str, Any]) -> None:
        self.row = row
        self.parts = parts

    def __repr__(self) -> str:
        return "<StoredRecord>"


class Record:
    """
    The record of one row in memory.

    Args:
        field: whose it is.
        owner: the row.
        stored: what was read for it; None for a new one.
    """

    __slots__ = ("changed", "field", "is_fixture", "owner", "stored")

    def __init__(self, field: Any, owner: models.Model, stored: Any = None) -> None:
        self.field = field
        self.owner = owner
        self.stored: StoredRecord | None = stored
        self.changed: dict[str, Any] = {}
        self.is_fixture = False
        """Whether `loaddata` writes it, which asks no field for its `pre_save`."""

    def __repr__(self) -> str:
        return f"<Record of {self.field.label}>"

    def copy_for(self, owner: models.Model) -> Record:
        """Return the same for another row, such as a copy of this one."""
        other = Record(self.field, owner, StoredRecord("", self._kept()))
        other.changed = dict(self.changed)
        return other

    def get(self, name: str) -> Any:
        """Return a part's value, or its default where it was never written."""
        if name in self.changed:
            return self.changed[name]
        part, kept = self.field.parts[name], self._kept()
        if name not in kept:
            self.changed[name] = part.get_default()
            return self.changed[name]
        try:
            return part.to_python(kept[name])
        except (ValidationError, ValueError, TypeError):
            raise FieldMistaken(f"{self.field.label}.{name}") from None

    def put(self, name: str, value: Any) -> None:
        """Give a part another value, which `save` writes."""
        self._kept()  # or a row whose name changes next would not know its own
        self.changed[name] = value

    def in_memory(self) -> dict[str, Any]:
        """Return what is held of it, not compared with its row, and not to be shown."""
        return (self.stored.parts if self.stored else {}) | self.changed

    def plain(self) -> dict[str, Any]:
        """Return what is written: also what a former declaration left there."""
        parts = {
            name: as_plain(f"{self.field.label}.{name}", part, self.get(name))
            for name, part in self.field.parts.items()
        }
        return self._kept() | parts

    def _kept(self) -> dict[str, Any]:
        """
        Return what is stored, once it is known to be this row's.

        Raises:
            FieldAltered: it was sealed for another row.
        """
        if self.stored is None:
            return {}
        if self.stored.row:
            if self.stored.row != self.field.identity_of(self.owner):
                raise FieldAltered(self.field.label)
            self.stored.row = ""  # seen; the row may now be saved under another name
        return self.stored.parts


def as_plain(label: str, part: models.Field[Any, Any], value: Any) -> Any:
    """
    Return a value as it stands in the record: text, or what JSON has for it.

    Raises:
        IntegrityError: it is null, and may not be.
        DataError: it is longer than declared.
        ValidationError: it is no value of its kind.
    """
    value = part.to_python(value)
    if value is None:
        if not part.null:
            raise IntegrityError(f"{label} may not be null")
        return None
    most = part.max_length
    if most is not None and len(value) > most:
        raise DataError(f"{label}: longer than {most}")
    row: Any = SimpleNamespace(**{part.attname: value})
    return part.value_to_string(row)


class RecordPart(property):
    """
    One part, as an attribute of the row; a property, so that `create` knows it.

    Args:
        attname: of the record, on the row.
        name: of the part.
    """

    def __init__(self, attname: str, name: str) -> None:
        self.record = attname

        def get(row: Any) -> Any:
            return getattr(row, attname).get(name)

        def put(row: Any, value: Any) -> None:
            getattr(row, attname).put(name, value)

        super().__init__(get, put)


class RecordAttribute(DeferredAttribute):
    """The record itself, as an attribute of the row; it is set by its parts."""

    field: Any

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        """Return the record of this row, and of no other."""
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            super().__get__(instance, cls)  # deferred: reads it from the database
        record = instance.__dict__[self.field.attname]
        if record.owner is not instance:  # the row is a shallow copy of its owner
            record = instance.__dict__[self.field.attname] = record.copy_for(instance)
        return record

    def __set__(self, instance: Any, value: Any) -> None:
        """Take what was read, or another row's record; refuse everything else."""
        if isinstance(value, Record):
            record = value if value.owner is instance else value.copy_for(instance)
        elif value is None or isinstance(value, StoredRecord):
            record = Record(self.field, instance, value)
        else:
            raise TypeError(f"{self.field.label} is set by its parts")
        instance.__dict__[self.field.attname] = record
