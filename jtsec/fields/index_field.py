"""The companion column that holds a searchable field's blind index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from .blind_index import LARGEST, BlindIndex, index_of
from .writing import IndexFromUpdate

if TYPE_CHECKING:
    from .columns import TextColumn

    _BinaryField = models.BinaryField[Any, Any]
else:
    _BinaryField = models.BinaryField  # takes no parameters at run time


class BlindIndexField(_BinaryField):
    """
    Holds the blind index of another column; made by it, never written by hand.

    Null where the text is null, and in rows that were there before the column became
    searchable, until `fill_index` was run.

    Args:
        of: the name of the encrypted field.
        unique: whether two rows may hold the same text.
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
    def encrypted(self) -> TextColumn:
        """Return the field this is the index of."""
        field: Any = self.model._meta.get_field(self.of)
        return field  # type: ignore[no-any-return]  # `of` names one, see the checks

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """
        Return the index of the text as it is written now.

        Not what the instance holds in memory: the text may have changed since. An
        UPDATE takes it from the text's own assignment, and leaves the column alone
        where the text is not written.
        """
        if not add:
            return IndexFromUpdate(self)
        return self.index_on(model_instance)

    def index_on(self, model_instance: models.Model) -> BlindIndex | None:
        """Return the index of an instance's text."""
        text = self.encrypted.get_prep_value(
            getattr(model_instance, self.encrypted.attname)
        )
        return self.index_of(text)

    def index_of(self, text: str | None) -> BlindIndex | None:
        """Return the index of a text under the active key."""
        if text is None:
            return None
        return index_of(self.encrypted.label, text, self.encrypted.normalise)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return the value for the driver; refuse what was not computed here."""
        if value is None or isinstance(value, IndexFromUpdate):
            return value
        if not isinstance(value, BlindIndex):
            raise FieldError(
                f"{self.name} follows from {self.of} and cannot be written; "
                f"write {self.of}."
            )
        return super().get_db_prep_save(value, connection)
