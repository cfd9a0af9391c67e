"""A column that keeps several fields of its row in one envelope."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from django.core import checks
from django.core.exceptions import FieldError, ValidationError
from django.db import DataError, models
from django.db.models.query_utils import DeferredAttribute
from django.db.models.sql import UpdateQuery

from jtsec.core.exceptions import InputError
from jtsec.fields.encrypted import EncryptedField
from jtsec.fields.sealing import to_bytes

from .declaration import wrong_of
from .parts import Record, RecordAttribute, RecordPart, StoredRecord

_ENCODE: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":")
).encode


class EncryptedRecordField(EncryptedField):
    """
    Keeps several fields of a row in one envelope, which opens in this row only.

        class Informant(models.Model):
            uid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
            details = EncryptedRecordField(
                bound_to="uid",
                parts={
                    "name": models.CharField(max_length=40),
                    "born": models.DateField(null=True),
                },
            )

        informant = Informant.objects.create(name="…", born=None)
        informant.name

    Each part is an attribute of the row, and none is a column: nothing shows which of
    them have a value, nor how long each is. A part cannot be searched.

    Args:
        bound_to: the field that says which row it is: unique, never null, and known
            before the row is saved.
        parts: the fields by their names, as they would be declared in the model.
        context: as of every `EncryptedField`.
    """

    native = StoredRecord
    has_equality = False
    empty_strings_allowed = False  # no record is None
    descriptor_class = RecordAttribute
    non_db_attrs = (*models.Field.non_db_attrs, "parts", "bound_to")

    def __init__(
        self,
        *args: Any,
        bound_to: str,
        parts: Mapping[str, models.Field[Any, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, editable=False, **kwargs)
        self.row_field = bound_to
        self.parts = dict(parts)
        for name, part in self.parts.items():
            part.set_attributes_from_name(name)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Return what a migration writes down."""
        name, path, args, kwargs = super().deconstruct()
        path = path.replace("jtsec.fields.record.field.", "jtsec.fields.", 1)
        kwargs.pop("editable", None)
        own = {"bound_to": self.row_field, "parts": self.parts}
        return name, path, args, kwargs | own

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        """Join the model, with an attribute for each part."""
        super().contribute_to_class(cls, name, private_only)
        for part in self.parts:
            # A field of that name stays; the check says so.
            if not isinstance(vars(cls).get(part), DeferredAttribute):
                setattr(cls, part, RecordPart(self.attname, part))

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """E115: a record is bound to its row for good, and its parts can be kept."""
        found = [
            checks.Error(message, hint=hint, obj=self, id="jtsec.E115")
            for message, hint in wrong_of(self)
        ]
        return [*super().check(**kwargs), *found]

    def identity_of(self, row: models.Model) -> str:
        """
        Return the text that says which row it is.

        Raises:
            InputError: the row has none yet.
        """
        field: Any = self.model._meta.get_field(self.row_field)
        if getattr(row, field.attname) is None:
            raise InputError(
                f"{self.label}: {self.row_field} must be known before it is saved",
                field=self.row_field,
            )
        return str(field.value_to_string(row))

    def pre_save(self, model_instance: models.Model, add: bool) -> StoredRecord:
        """Return the record as it is written for this row."""
        return self._bound(getattr(model_instance, self.attname))

    def get_prep_value(self, value: Any) -> StoredRecord | None:
        """Return the record of a row, as `bulk_update` gives it."""
        if value is None or isinstance(value, StoredRecord):
            return value
        if not isinstance(value, Record):
            raise TypeError(f"{self.label} is set by its parts")
        return self._bound(value)

    def _bound(self, record: Record) -> StoredRecord:
        return StoredRecord(self.identity_of(record.owner), record.plain())

    def to_data(self, value: StoredRecord) -> bytes:
        """Return JSON: which row it is, then the parts."""
        content = {"row": value.row, "parts": value.parts}
        try:
            text = _ENCODE(content)
        except ValueError:
            raise DataError(f"{self.label}: a part is not JSON") from None
        return to_bytes(self.label, text)

    def from_data(self, data: bytes) -> StoredRecord:
        """Return the record, not yet compared with its row."""
        content = json.loads(data)
        match content:
            case {"row": str(row), "parts": dict(parts)} if row:
                return StoredRecord(row, parts)
        raise ValueError("no record")

    def admit_write(self, query: Any) -> None:
        """Refuse `update`, which knows no row."""
        if isinstance(query, UpdateQuery) and any(
            field is self and isinstance(given, Record) and not given.is_fixture
            for field, _model, given in query.values  # type: ignore[attr-defined]  # not in the types
        ):
            raise FieldError(f"{self.label} is written with its row, by save().")
        super().admit_write(query)

    # Django 6.1 looks for it in each class that has the one above, not in its parents.
    get_placeholder_sql = EncryptedField.get_placeholder_sql

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """Return the record if each of its parts is valid."""
        errors: list[ValidationError] = []
        for name, part in self.parts.items():
            given = value.get(name)
            if part.blank and given in part.empty_values:
                continue
            try:
                value.changed[name] = part.clean(given, model_instance)
            except ValidationError as error:
                errors += [
                    ValidationError(f"{part.verbose_name}: {one}")
                    for one in error.messages
                ]
        if errors:
            raise ValidationError(errors)
        return value

    def value_to_string(self, obj: models.Model) -> Any:
        """Return the parts in clear, as `dumpdata` writes every encrypted value."""
        return getattr(obj, self.attname).plain()

    def to_python(self, value: Any) -> Any:
        """Return what a fixture holds, as a record that its row will take over."""
        if isinstance(value, dict):
            return StoredRecord("", dict(value))
        return value
